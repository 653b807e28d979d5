"""What differs between two releases: table by table, KPI by KPI, with the cause where it is known.

Belongs here: the comparison. Does not belong here: finding causes of restated days (``restatement``), wording.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.publish.manifest import Ingredients, Manifest, read_manifest
from pipeline.publish.restatement import RESTATEMENTS
from pipeline.warehouse import connection, file_literal

_INGREDIENT_CAUSES = {"inputs": "data", "seeds": "definition", "code": "code", "key_fingerprint": "erasure"}


@dataclass(frozen=True)
class TableDifference:
    """One table that is not the same in both releases.

    Attributes:
        table: its name.
        change: ``added``, ``removed`` or ``changed``.
        rows_before: its rows in the earlier release, ``None`` if it is not there.
        rows_now: its rows in the later one.
        new_columns: columns only the later one has.
        gone_columns: columns only the earlier one has.
    """

    table: str
    change: str
    rows_before: int | None
    rows_now: int | None
    new_columns: tuple[str, ...] = ()
    gone_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class KpiDifference:
    """One KPI over all customers that is not the same in both releases.

    Attributes:
        kpi_id: the KPI.
        window_days: window of its latest value.
        value_before: its latest value in the earlier release; ``None`` if suppressed or not available.
        value_now: in the later one.
        new_day_count: days only the later release has.
        open_day_count: days that moved and were provisional in the earlier release.
        closed_day_count: days that moved although the earlier release called them mature.
        causes: ``new_days``, ``maturing``, and what ``kpi_restatements`` or the ingredients say of closed days.
    """

    kpi_id: str
    window_days: int
    value_before: float | None
    value_now: float | None
    new_day_count: int
    open_day_count: int
    closed_day_count: int
    causes: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What differs between two releases, and which ingredients do."""

    before: Manifest
    now: Manifest
    ingredients: tuple[str, ...]
    tables: tuple[TableDifference, ...]
    kpis: tuple[KpiDifference, ...]


def differences(before: Path, now: Path) -> Difference:
    """Compare two releases.

    Args:
        before: folder of the earlier one.
        now: folder of the later one.
    """
    manifests = read_manifest(before), read_manifest(now)
    changed = _changed_ingredients(manifests[0].ingredients, manifests[1].ingredients)
    with connection() as memory:
        tables = tuple(_tables(memory, before, now, manifests))
        kpis = tuple(_kpis(memory, before, now, manifests, changed))
    return Difference(*manifests, changed, tables, kpis)


def _changed_ingredients(before: Ingredients, now: Ingredients) -> tuple[str, ...]:
    return tuple(cause for name, cause in _INGREDIENT_CAUSES.items() if getattr(before, name) != getattr(now, name))


def _tables(
    memory: duckdb.DuckDBPyConnection, before: Path, now: Path, manifests: tuple[Manifest, Manifest]
) -> Iterable[TableDifference]:
    was, there = manifests[0].tables, manifests[1].tables
    for name in sorted({*was, *there}):
        if name not in there:
            yield TableDifference(name, "removed", was[name].row_count, None)
        elif name not in was:
            yield TableDifference(name, "added", None, there[name].row_count)
        elif was[name] != there[name]:
            old, new = (_columns(memory, folder / "tables" / f"{name}.parquet") for folder in (before, now))
            yield TableDifference(
                name,
                "changed",
                was[name].row_count,
                there[name].row_count,
                tuple(column for column in new if column not in old),
                tuple(column for column in old if column not in new),
            )


def _columns(memory: duckdb.DuckDBPyConnection, file: Path) -> list[str]:
    rows = memory.execute(f"describe select * from read_parquet({file_literal(file)})").fetchall()
    return [str(row[0]) for row in rows]


def _kpis(
    memory: duckdb.DuckDBPyConnection,
    before: Path,
    now: Path,
    manifests: tuple[Manifest, Manifest],
    changed: tuple[str, ...],
) -> Iterable[KpiDifference]:
    files = {
        f"{table}_{when}": folder / "tables" / f"{table}.parquet"
        for table in ("kpi_latest", "kpi_daily")
        for when, folder in (("before", before), ("now", now))
    }
    if not all(file.is_file() for file in files.values()):
        return
    # Causes were found against the release before; against any other one only the ingredients tell.
    told = now / "tables" / f"{RESTATEMENTS}.parquet"
    is_told = manifests[1].previous_release_id == manifests[0].release_id and told.is_file()
    causes = _restated(memory, told) if is_told else {}
    relations = {name: f"read_parquet({file_literal(file)})" for name, file in files.items()}
    for row in memory.execute(_MOVED.format(**relations)).fetchall():
        yield _kpi(row, causes, changed)


def _restated(memory: duckdb.DuckDBPyConnection, file: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    query = f"select distinct kpi_id, cause from read_parquet({file_literal(file)}) where segment_dimension = 'all'"
    for kpi, cause in memory.execute(query).fetchall():
        found.setdefault(kpi, set()).update(cause.split("|"))
    return found


def _kpi(row: tuple[Any, ...], told: dict[str, set[str]], changed: tuple[str, ...]) -> KpiDifference:
    kpi_id, window_days, value_before, value_now, new_days, open_days, closed_days, is_window_moved = row
    causes = {"new_days"} if new_days or is_window_moved else set()
    causes |= {"maturing"} if open_days else set()
    if closed_days or not causes:
        causes |= told.get(kpi_id) or set(changed) or {"unknown"}
    return KpiDifference(
        kpi_id, window_days, value_before, value_now, new_days, open_days, closed_days, tuple(sorted(causes))
    )


_MOVED = """
    with days as (
        select coalesce(now.kpi_id, before.kpi_id) as kpi_id,
            count(*) filter (where before.kpi_id is null) as new_day_count,
            count(*) filter (
                where before.kpi_id is not null and not before.is_mature and before.value is distinct from now.value
            ) as open_day_count,
            count(*) filter (where before.is_mature and before.value is distinct from now.value) as closed_day_count
        from (select * from {kpi_daily_now} where segment_dimension = 'all') as now
        full join (select * from {kpi_daily_before} where segment_dimension = 'all') as before
            on now.kpi_id = before.kpi_id and now.metric_date = before.metric_date and now.segment = before.segment
        group by 1
    ),
    latest as (
        select coalesce(now.kpi_id, before.kpi_id) as kpi_id,
            coalesce(now.window_days, before.window_days) as window_days,
            before.value as value_before, now.value as value_now,
            now.window_end is distinct from before.window_end as is_window_moved
        from (select * from {kpi_latest_now} where segment_dimension = 'all') as now
        full join (select * from {kpi_latest_before} where segment_dimension = 'all') as before
            on now.kpi_id = before.kpi_id and now.window_days = before.window_days and now.segment = before.segment
    )
    select latest.kpi_id, cast(latest.window_days as integer), cast(value_before as double), cast(value_now as double),
        coalesce(new_day_count, 0), coalesce(open_day_count, 0), coalesce(closed_day_count, 0), is_window_moved
    from latest
    left join days on latest.kpi_id = days.kpi_id
    where value_before is distinct from value_now or coalesce(closed_day_count, 0) > 0
    order by latest.kpi_id, latest.window_days
"""
