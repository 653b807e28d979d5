"""Frames that hold a profile against the profiles accepted before it.

Belongs here: figures with what is usual beside them, one row per column. Does not belong here: limits. What is usual
is learnt from accepted days and releases only; with fewer than five of them a deviation is empty, and judges nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

import pandas as pd

from pipeline.checks.profiles import ColumnProfile
from pipeline.statistics.drift import excess_distance, rate_deviation

COLUMN_FIGURES = (
    "row_count", "null_rate", "usual_null_rate", "null_change", "null_deviation", "default_rate",
    "usual_default_rate", "default_deviation", "drift",
)  # fmt: skip
"""Columns of a frame of column profiles, beside the name of the column."""


def column_rows(now: Sequence[ColumnProfile], past: Sequence[Sequence[ColumnProfile]]) -> list[dict[str, object]]:
    """One row per column: its rates, what was usual, by how many spreads it is off, and its drift.

    Args:
        now: the profile to be judged.
        past: profiles of accepted days or releases, any order.
    """
    by_column: dict[str, list[ColumnProfile]] = {}
    for profile in past:
        for column in profile:
            by_column.setdefault(column.column_name, []).append(column)
    return [_row(column, by_column.get(column.column_name, [])) for column in now]


def _row(column: ColumnProfile, past: Sequence[ColumnProfile]) -> dict[str, object]:
    filled = [each for each in past if each.row_count]
    nulls = [each.null_count / each.row_count for each in filled]
    defaults = [each.default_count / each.row_count for each in filled]
    pooled: Counter[str] = Counter()
    for each in past:
        pooled.update(each.histogram)
    null_rate, usual = _rate(column.null_count, column.row_count), median(nulls) if nulls else None
    figures = (
        column.row_count,
        null_rate,
        usual,
        None if null_rate is None or usual is None else null_rate - usual,
        rate_deviation(column.null_count, column.row_count, nulls),
        _rate(column.default_count, column.row_count),
        median(defaults) if defaults else None,
        rate_deviation(column.default_count, column.row_count, defaults),
        excess_distance(column.histogram, pooled),
    )
    return {"column_name": column.column_name, **dict(zip(COLUMN_FIGURES, figures, strict=True))}


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def column_frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows as a frame with plain numbers; a figure that is not known is NaN."""
    frame = pd.DataFrame(list(rows), columns=["extract_date", "column_name", *COLUMN_FIGURES])
    return frame.astype(dict.fromkeys(COLUMN_FIGURES, float))
