"""What is worth saying of a landed day beside the verdict of door 1: drift of its columns, repairs of its texts.

Belongs here: turning facts of an outcome into rows of ``data_quality``. Does not belong here: finding the facts.
"""

from collections.abc import Iterable
from typing import Any

from pipeline.landing.drift import Drift
from pipeline.landing.model import DayOutcome

_DRIFT = "A column that changes without a word may hold something else from now on; columns are read by name"
_TEXT = "Double-encoded text is put right where that is certain; what is not certain stays as it came"


def remarks(outcome: DayOutcome, found: Iterable[Drift]) -> list[dict[str, Any]]:
    """Rows as door 1's own are kept, all warnings.

    Args:
        outcome: the day.
        found: what drifted on it.
    """
    rows = [_row("schema_drift", drift.column, f"{drift.text} ({drift.file})", _DRIFT) for drift in found]
    for file in outcome.content["files"]:
        counts = file.get("text_counts", {})
        if any(counts.values()):
            text = (
                f"{file['name']}: {counts['repaired_cell']} cells repaired, "
                f"{counts['suspect_cell']} left as they came, "
                f"{counts['lost_cell']} with characters lost before they came"
            )
            is_met = not (counts["suspect_cell"] or counts["lost_cell"])
            rows.append(_row("text_repair", "", text, _TEXT, is_met=is_met))
    return rows


def _row(expectation: str, column: str, observed: str, why: str, *, is_met: bool = False) -> dict[str, Any]:
    return {
        "expectation": expectation,
        "column_name": column,
        "severity": "warning",
        "is_met": is_met,
        "observed_value": observed,
        "why": why,
    }
