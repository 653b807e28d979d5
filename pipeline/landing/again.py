"""Days that were landed and must be looked at again, because something beside their own files is otherwise now.

Belongs here: the question which days. Does not belong here: landing them.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import Contract, Delivery
from pipeline.landing import store
from pipeline.landing.model import DoorSettings
from pipeline.landing.references import contradicted_days
from pipeline.settings import Home
from pipeline.warehouse import connection, file_literal


def leans_rightly(home: Home, table: str, known: dict[str, Any]) -> bool:
    """Whether the days an outcome leaned on still are what they were."""
    for day, content_hash in known.get("depends_on", {}).items():
        folder = store.current_folder(home, table, date.fromisoformat(day))
        other = store.read_outcome(folder) if folder else None
        if other is None or other["content_hash"] != content_hash:
            return False
    return True


def leaning_days(home: Home, table: str) -> list[date]:
    """Landed days that leaned on the rows of a day that is another now, ascending."""
    landed = store.landed_files(home, table)
    return [day for day, path in landed if not leans_rightly(home, table, store.read_outcome(path.parent) or {})]


def rated_otherwise(home: Home, contract: Contract, days: Iterable[date], rates_fingerprint: str) -> list[date]:
    """Days judged while rates were known from another day on than now."""
    found = []
    for day in days if contract.amount_columns else ():
        pending = store.read_outcome(store.pending_folder(home, contract.table, day))
        known = pending or store.read_outcome(store.accepted_folder(home, contract.table, day)) or {}
        if known.get("rates_fingerprint") not in (None, rates_fingerprint):
            found.append(day)
    return found


def touched_by_earlier(opened: duckdb.DuckDBPyConnection, home: Home, table: str) -> list[date]:
    """Later days that hold a key of an earlier one, or leaned on an earlier day that is another now."""
    landed = store.landed_files(home, table)
    leaning = leaning_days(home, table)
    if len(landed) < 2:
        return leaning
    shared = opened.execute(
        f"select distinct _extract_date from ({_shared([path for _, path in landed])}) where _extract_date > first_day"
    ).fetchall()
    return sorted({row[0] for row in shared} | set(leaning))


def _shared(files: Sequence[Path]) -> str:
    """SQL of ``_extract_date``, and ``first_day`` of the key, of every row whose key two of some files may share.

    Such a key is in a file beside the greatest one, and nearly all rows are in that one: they are passed over.
    """
    others = sorted(files, key=lambda file: (-file.stat().st_size, file))[1:] or files
    every, rest = (
        f"read_parquet([{', '.join(map(file_literal, paths))}], hive_partitioning = false)" for paths in (files, others)
    )
    return (
        "select _extract_date, min(_extract_date) over (partition by _key_hash) as first_day "
        f"from {every} where _key_hash in (select _key_hash from {rest})"
    )


def contradicted(
    opened: duckdb.DuckDBPyConnection,
    home: Home,
    table: str,
    settings: DoorSettings,
    *,
    is_fixed: Callable[[date], bool],
) -> list[date]:
    """Days with rows that other tables speak against now, or no longer; days that cannot be landed anew left out."""
    return [day for day in contradicted_days(opened, home, table, settings) if not is_fixed(day)]


def retract_displaced(home: Home, contract: Contract) -> list[date]:
    """Take accepted days out of every build whose rows an earlier day, delivered late, holds now.

    That is so where the later day was landed anew without those rows and door 1 refused it: its old version would
    hold the same keys a second time. The new version stays refused, with that said among its reasons.

    Returns:
        The days taken out, ascending.
    """
    table = contract.table
    refused = [day for day in store.accepted_days(home, table) if store.is_refused(home, table, day)]
    if contract.delivery is not Delivery.EVENTS or not refused:
        return []
    files = {day: store.accepted_folder(home, table, day) / store.DATA for day in store.accepted_days(home, table)}
    with connection() as opened:
        rows = opened.execute(
            f"select _extract_date, count(*) from ({_shared(list(files.values()))}) "
            "where _extract_date > first_day group by 1"
        ).fetchall()
    shared = {day: int(count) for day, count in rows if day in refused}
    for day, count in sorted(shared.items()):
        store.retract(
            home,
            table,
            day,
            f"the version accepted before was taken out of every build: an earlier extract day that arrived since "
            f"holds {count} of its rows",
        )
    return sorted(shared)
