"""Rows held against rows of other tables that were landed: nothing is delivered before it was ordered.

Belongs here: which row is compared with which, and the days that must be looked at again because of it. Does not
belong here: rules that one row can be judged by. A row without its counterpart is no fault: that may come later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.landing import store
from pipeline.landing.chronology import is_before
from pipeline.landing.model import DoorSettings
from pipeline.settings import Home
from pipeline.warehouse import file_literal, literal

_TOLERANCE = "interval 1 hour"  # the clocks of two systems
_ORDERED = "select order_id as reference_key, min(ordered_at) as happened_at from {rows} group by order_id"
# Until every parcel of an order has arrived only the first shipping is sure to precede what comes back.
_RECEIVED = (
    "select order_id as reference_key, "
    "case when count(*) = count(delivered_at) then min(delivered_at) else min(shipped_at) end as happened_at "
    "from (select order_id, min(shipped_at) as shipped_at, min(delivered_at) as delivered_at "
    "from {rows} group by order_id, delivery_id) group by order_id"
)
_COLUMNS = {"orders": "order_id, ordered_at", "deliveries": "order_id, delivery_id, shipped_at, delivered_at"}


@dataclass(frozen=True)
class Reference:
    """One comparison.

    Attributes:
        column: the row's own time.
        key: the row's column that names its counterpart.
        table: where the counterpart is.
        query: SQL of ``reference_key`` and ``happened_at`` over ``{rows}``.
        what: what did not happen in that order.
    """

    column: str
    key: str
    table: str
    query: str
    what: str

    @property
    def reason(self) -> str:
        """Reason of a row that contradicts its counterpart."""
        return f"{self.column}: {self.what}"


REFERENCES: Mapping[str, tuple[Reference, ...]] = {
    "orders": (Reference("ordered_at", "refunded_order_id", "orders", _ORDERED, "before the order it takes back"),),
    "deliveries": (Reference("shipped_at", "order_id", "orders", _ORDERED, "before its order was placed"),),
    "returns": (
        Reference("requested_at", "order_id", "orders", _ORDERED, "before its order was placed"),
        Reference("received_at", "order_id", "deliveries", _RECEIVED, "before its order was delivered"),
    ),
}

Paths = Mapping[str, Sequence[Path]]
"""Landed files by table."""


def referred_tables(table: str) -> set[str]:
    """Other tables that must be landed before a table, because its rows are held against theirs."""
    return {reference.table for reference in REFERENCES.get(table, ())} - {table}


def paths_of(home: Home, table: str, *, without: date | None = None) -> dict[str, list[Path]]:
    """Landed files of the tables that the rows of a table are compared with, but for one day of its own."""
    names = {reference.table for reference in REFERENCES.get(table, ())}
    return {
        name: [path for day, path in store.landed_files(home, name) if (name, day) != (table, without)]
        for name in sorted(names)
    }


def create_references(connection: duckdb.DuckDBPyConnection, table: str, paths: Paths) -> None:
    """Make table ``reference_<n>`` (``reference_key``, ``happened_at``) for each comparison of a table's ``staged``."""
    for place, reference in enumerate(REFERENCES.get(table, ())):
        landed, columns = paths.get(reference.table, ()), _COLUMNS[reference.table]
        parts = [f"select {columns} from {_landed(landed)}"] if landed else []
        parts += [f"select {columns} from staged where _reasons is null"] if reference.table == table else []
        source = "select null::varchar as reference_key, null::timestamp as happened_at"
        if parts:
            source = reference.query.format(rows=f"({' union all '.join(parts)})")
        connection.execute(
            f"create or replace temp table reference_{place} as select * from ({source}) "
            f"where reference_key in (select {reference.key} from staged) and happened_at is not null"
        )


def reference_arms(table: str, settings: DoorSettings) -> list[tuple[str, str]]:
    """SQL tests against ``_happened_<n>``, which `create_references` and a join give, each with its reason."""
    return [
        (is_before(each.column, f"_happened_{place}", settings, tolerance=_TOLERANCE), each.reason)
        for place, each in enumerate(REFERENCES.get(table, ()))
    ]


def reference_joins(table: str) -> tuple[str, str]:
    """SQL to select and to join so that ``rows`` bears the time of each counterpart."""
    places = range(len(REFERENCES.get(table, ())))
    selected = "".join(f", reference_{place}.happened_at as _happened_{place}" for place in places)
    joins = " ".join(
        f"left join reference_{place} on reference_{place}.reference_key = rows.{REFERENCES[table][place].key}"
        for place in places
    )
    return selected, joins


def contradictions(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, list[list[str]]]:
    """What rows of ``door`` were quarantined for: reason to (key, time of the counterpart), to be asked again."""
    found = {}
    for place, reference in enumerate(REFERENCES.get(table, ())):
        rows = connection.execute(
            f"select distinct staged.{reference.key}, staged._happened_{place}::varchar from door "
            "inner join staged using (_source_file, _line, _part) "
            f"where contains(door._final_reasons, {literal(reference.reason)}) order by all"
        ).fetchall()
        if rows:
            found[reference.reason] = [[str(key), str(moment)] for key, moment in rows]
    return found


def contradicted_days(
    connection: duckdb.DuckDBPyConnection, home: Home, table: str, settings: DoorSettings
) -> list[date]:
    """Landed days whose rows would be judged otherwise by what is landed now, ascending."""
    landed = store.landed_files(home, table)
    paths = paths_of(home, table)
    found: set[date] = set()
    for reference in REFERENCES.get(table, ()):
        if not landed or not paths[reference.table]:
            continue
        query = reference.query.format(rows=_landed(paths[reference.table]))
        before = is_before(reference.column, "happened_at", settings, tolerance=_TOLERANCE)
        rows = connection.execute(
            f"select distinct _extract_date from {_landed(path for _, path in landed)} as rows "
            f"inner join ({query}) as known on known.reference_key = rows.{reference.key} where {before}"
        ).fetchall()
        found |= {row[0] for row in rows}
        found |= _otherwise(connection, landed, reference, query)
    return sorted(found)


def _otherwise(
    connection: duckdb.DuckDBPyConnection, landed: Sequence[tuple[date, Path]], reference: Reference, query: str
) -> set[date]:
    """Days with a row that was quarantined for a counterpart that is another now."""
    asked: list[tuple[date, str, str]] = []
    for day, path in landed:
        known: dict[str, Any] = (store.read_outcome(path.parent) or {}).get("contradictions", {})
        asked += [(day, key, moment) for key, moment in known.get(reference.reason, [])]
    if not asked:
        return set()
    days, keys, moments = zip(*asked, strict=True)
    rows = connection.execute(
        "select distinct asked.day from (select unnest($1::date[]) as day, unnest($2::varchar[]) as asked_key, "
        f"unnest($3::varchar[]) as moment) as asked left join ({query}) as known "
        "on known.reference_key = asked.asked_key where known.happened_at::varchar is distinct from asked.moment",
        [list(days), list(keys), list(moments)],
    ).fetchall()
    return {row[0] for row in rows}


def _landed(paths: Iterable[Path]) -> str:
    files = ", ".join(file_literal(path) for path in paths)
    return f"read_parquet([{files}], hive_partitioning = false)"
