"""What door 1 judges: one row of figures per pending extract day.

Belongs here: figures about a day as a whole. Does not belong here: limits; those are expectations.
"""

from collections.abc import Sequence

import pandas as pd

from pipeline.landing.model import DayOutcome
from pipeline.landing.volume import Count, usual_count

_COUNTS = ("received", "loaded", "quarantined", "duplicate", "set_aside")


def day_metrics(outcomes: Sequence[DayOutcome], counts: Sequence[Count] = ()) -> pd.DataFrame:
    """One row per extract day, ascending.

    Args:
        outcomes: outcomes of one table.
        counts: accepted extract days of the table with the rows loaded.

    Returns:
        ``extract_date`` (ISO text), ``is_readable`` (0 or 1), counts, ``quarantine_rate`` and
        ``duplicate_rate`` (of
        rows received and not set aside), ``conservation_gap``, ``unknown_column_count`` and, per landed
        column, ``null_rate_<column>``, and ``usual_count``, the median of the four weeks before (0 without);
        rates are NaN where there is nothing to divide by.
    """
    rows = [_row(outcome, counts) for outcome in sorted(outcomes, key=lambda outcome: outcome.extract_date)]
    return pd.DataFrame(rows)


def _row(outcome: DayOutcome, usual: Sequence[Count]) -> dict[str, object]:
    content = outcome.content
    counts = {name: int(content[f"row_count_{name}"]) for name in _COUNTS}
    judged = counts["received"] - counts["set_aside"]
    unknown = {column for file in content["files"] for column in file["unknown_columns"]}
    return {
        "extract_date": outcome.extract_date.isoformat(),
        "is_readable": int(outcome.is_readable),
        **{f"{name}_count": count for name, count in counts.items()},
        "quarantine_rate": _rate(counts["quarantined"], judged),
        "duplicate_rate": _rate(counts["duplicate"], judged),
        "conservation_gap": 2 * counts["received"] - sum(counts.values()),
        "unknown_column_count": len(unknown),
        "usual_count": usual_count(outcome.extract_date, usual),
        **{f"null_rate_{name}": _rate(int(count), counts["loaded"]) for name, count in content["null_counts"].items()},
    }


def _rate(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
