"""How far a time zone is ahead of UTC on days without a change of clocks: looked up, not worked out row by row.

Belongs here: the calm days of a zone, as bits a connection keeps. Does not belong here: local times near a change, or
in other years; the macros of ``parsing`` read those. The engine itself is asked, so that both ways say the same.
"""

from dataclasses import dataclass
from functools import lru_cache

import duckdb

from pipeline.warehouse import connection, identifier, literal

_FIRST, _LAST = "2000-01-01", "2045-01-01"
_SAMPLES = """
    select instant::date - date '{first}' as day, list(distinct epoch_us(timezone({zone}, timezone('UTC', instant)))
        - epoch_us(instant)) as aheads
    from range(timestamp '{first}' - interval 2 day, timestamp '{last}' + interval 2 day, interval 6 hour)
        as r (instant)
    group by 1 order by 1
"""


@dataclass(frozen=True)
class Calm:
    """The calm days of a zone.

    Attributes:
        winter, summer: microseconds ahead of UTC, the two that occur most often.
        days: a bit per day from the first: no clock changes from two days before to two days after.
        summers: a bit per day: which of the two holds.
    """

    winter: int
    summer: int
    days: str
    summers: str


@lru_cache(maxsize=16)
def calm_days(zone: str) -> Calm:
    """The calm days of a zone, as the engine knows it.

    Args:
        zone: IANA name.
    """
    with connection(threads=1) as opened:
        rows = opened.execute(_SAMPLES.format(zone=literal(zone), first=_FIRST, last=_LAST)).fetchall()
    aheads = [tuple(row[1]) for row in rows]
    counts: dict[int, int] = {}
    for each in aheads:
        if len(each) == 1:
            counts[each[0]] = counts.get(each[0], 0) + 1
    usual = sorted(sorted(counts, key=lambda ahead: (-counts[ahead], ahead))[:2])
    winter, summer = usual[0], usual[-1]
    days, summers = [], []
    for place in range(2, len(aheads) - 2):
        around = {ahead for each in aheads[place - 2 : place + 3] for ahead in each}
        days.append("1" if len(around) == 1 and around <= set(usual) else "0")
        summers.append("1" if summer in around else "0")
    return Calm(winter, summer, "".join(days), "".join(summers))


def set_zone(opened: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Give a connection the calm days of a zone, as variables: in the text of a statement they would be parsed anew."""
    calm = calm_days(zone)
    for name, bits in (("days", calm.days), ("summers", calm.summers)):
        opened.execute(f"set variable {identifier(f'{name} {zone}')} = {literal(bits)}::bit")


def calm_offset(local: str, zone: str) -> str:
    """SQL of how many microseconds a local time is ahead of UTC; NULL where its day is not calm.

    The connection needs what `set_zone` gives.
    """
    calm = calm_days(zone)
    day = f"({local}::date - date '{_FIRST}')::integer"
    days, summers = (f"getvariable({literal(f'{name} {zone}')})" for name in ("days", "summers"))
    return (
        f"case when {local} >= timestamp '{_FIRST}' and {local} < timestamp '{_LAST}' then "
        f"case when get_bit({days}, {day}) = 1 then "
        f"case when get_bit({summers}, {day}) = 1 then {calm.summer} else {calm.winter} end end end"
    )
