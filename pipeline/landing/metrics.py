"""What door 1 judges: one row of figures per pending extract day.

Belongs here: figures about a day as a whole, with what the accepted days before make usual. Does not belong here:
limits; those are expectations.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from pipeline.landing.model import DayOutcome
from pipeline.landing.volume import Count, expected_count, usual_count, usual_days
from pipeline.statistics.drift import rate_deviation

_COUNTS = ("received", "loaded", "quarantined", "duplicate", "set_aside")
_SPREADS = 3  # of the bounds of `expected_count`
Accepted = Sequence[tuple[date, dict[str, Any]]]


def day_metrics(outcomes: Sequence[DayOutcome], accepted: Accepted = ()) -> pd.DataFrame:
    """One row per extract day, ascending.

    Args:
        outcomes: outcomes of one table.
        accepted: accepted extract days of the table with their outcomes.

    Returns:
        ``extract_date`` (ISO text), ``is_readable`` (0 or 1), counts, ``quarantine_rate`` and ``duplicate_rate`` (of
        rows received and not set aside) with their deviations in spreads from the days before, ``conservation_gap``,
        ``unknown_column_count``, per landed column ``null_rate_<column>``; ``usual_count``, the median of the four
        weeks before (0 without), ``volume_ratio`` to it and ``volume_deviation`` in spreads from the same weekday;
        ``freshness_days``, from the newest event to the extract day. What is not known is NaN.
    """
    ordered = sorted(outcomes, key=lambda outcome: outcome.extract_date)
    rows = [{**_row(outcome), **_against(outcome, accepted)} for outcome in ordered]
    return pd.DataFrame(rows)


def _row(outcome: DayOutcome) -> dict[str, object]:
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
        "freshness_days": _freshness(outcome.extract_date, content["last_event_at"]),
        **{f"null_rate_{name}": _rate(int(count), counts["loaded"]) for name, count in content["null_counts"].items()},
    }


def _against(outcome: DayOutcome, accepted: Accepted) -> dict[str, float]:
    """The day against the accepted days before it."""
    day, received = outcome.extract_date, int(outcome.content["row_count_received"])
    usual = usual_count(day, [(other, int(content["row_count_loaded"])) for other, content in accepted])
    counts: list[Count] = [(other, int(content["row_count_received"])) for other, content in accepted]
    expected = expected_count(day, counts)
    spread = (expected[2] - expected[0]) / _SPREADS if expected else 0.0
    past = [content for _, content in usual_days(day, accepted)]
    return {
        "usual_count": usual,
        "volume_ratio": _rate(received, usual),
        "volume_deviation": (received - expected[0]) / spread if expected and spread else float("nan"),
        **{f"{name}_deviation": _deviation(outcome.content, past, status) for name, status in _DEVIATING.items()},
    }


_DEVIATING = {"quarantine": "quarantined", "duplicate": "duplicate"}


def _deviation(content: dict[str, Any], past: Sequence[dict[str, Any]], status: str) -> float:
    rates = [part / whole for part, whole in (_shares(each, status) for each in past) if whole]
    found = rate_deviation(*_shares(content, status), rates)
    return float("nan") if found is None else found


def _shares(content: dict[str, Any], status: str) -> tuple[int, int]:
    judged = int(content["row_count_received"]) - int(content["row_count_set_aside"])
    return int(content[f"row_count_{status}"]), judged


def _freshness(day: date, last_event_at: str | None) -> float:
    if last_event_at is None:
        return float("nan")
    return float(max(0, (day - date.fromisoformat(last_event_at[:10])).days))


def _rate(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
