"""How much was delivered against what is usual, and how late: per table and extract day.

Belongs here: figures about deliveries over time. Does not belong here: limits, verdicts. Volume is held against the
same weekday of the eight weeks before: the median, and three spreads around it, where a spread is the median absolute
deviation scaled to a normal one (1.4826) or the noise of counts (the root of the median), whichever is wider.
Lateness is whole business days from event to extract day; a row is late beyond one. Only the first version of a row
counts, and not the first extract day, which holds the history.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from math import sqrt
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import duckdb

from pipeline.contracts import Contract, Delivery
from pipeline.warehouse import file_literal, literal

_WEEKS = 8
_LEAST_WEEKS = 4
_MAD_TO_SIGMA = 1.4826
_SPREADS = 3
USUAL_DAYS = 28

Count = tuple[date, int]
Dated = TypeVar("Dated")
Lateness = tuple[int, int, int | None, int | None]
"""Rows that count, late ones, median and 99th percentile of lateness in days."""


def expected_count(day: date, counts: Sequence[Count]) -> tuple[float, float, float] | None:
    """Expected rows of a day with their bounds, from the same weekday before; ``None`` below four such days.

    Args:
        day: the extract day.
        counts: accepted extract days with the rows received.

    Returns:
        (expected, low, high), in rows, one decimal.
    """
    first = day - timedelta(weeks=_WEEKS)
    past = [count for other, count in counts if first <= other < day and other.weekday() == day.weekday()]
    if len(past) < _LEAST_WEEKS:
        return None
    middle = float(median(past))
    deviation = float(median(abs(count - middle) for count in past))
    spread = max(_MAD_TO_SIGMA * deviation, sqrt(middle))
    bounds = (middle, max(0.0, middle - _SPREADS * spread), middle + _SPREADS * spread)
    return round(bounds[0], 1), round(bounds[1], 1), round(bounds[2], 1)


def usual_days(day: date, accepted: Sequence[tuple[date, Dated]]) -> list[tuple[date, Dated]]:
    """Of the accepted days those of the four weeks before, the very first one, which holds the history, left out."""
    first = min((other for other, _ in accepted), default=day)
    since = day - timedelta(days=USUAL_DAYS)
    return [entry for entry in accepted if since <= entry[0] < day and entry[0] != first]


def usual_count(day: date, counts: Sequence[Count]) -> float:
    """Median rows of the accepted days of the four weeks before, the very first one left out; 0 if there are none."""
    past = [count for _, count in usual_days(day, counts)]
    return float(median(past)) if past else 0.0


def lateness(
    opened: duckdb.DuckDBPyConnection, contract: Contract, files: Sequence[Path], *, time_zone: str
) -> tuple[dict[date, Lateness], Lateness]:
    """Lateness of the rows of each extract day but the first, and of all of them.

    Args:
        opened: a connection.
        contract: the table.
        files: data of its accepted extract days.
        time_zone: business time zone.
    """
    if not files or not contract.event_time:
        return {}, (0, 0, None, None)
    listed = ", ".join(map(file_literal, files))
    zone = literal(time_zone)
    first_version = "true"
    if contract.delivery is not Delivery.EVENTS:
        first_version = "_extract_date = min(_extract_date) over (partition by _key_hash)"
    rows: list[tuple[Any, ...]] = opened.execute(
        "select _extract_date, count(*), count(*) filter (where days > 1), "
        "quantile_disc(days, 0.5), quantile_disc(days, 0.99) from ("
        f"select _extract_date, greatest(0, _extract_date - timezone({zone}, timezone('UTC', _event_at))::date) "
        "as days, min(_extract_date) over () as first_day "
        f"from read_parquet([{listed}], hive_partitioning = false) where _event_at is not null qualify {first_version}"
        ") where _extract_date > first_day group by grouping sets ((_extract_date), ())"
    ).fetchall()
    by_day = {row[0]: (int(row[1]), int(row[2]), row[3], row[4]) for row in rows if row[0] is not None}
    whole = next(((int(row[1]), int(row[2]), row[3], row[4]) for row in rows if row[0] is None), (0, 0, None, None))
    return by_day, whole
