"""Small Parquet tables that dbt reads: run parameters, availability, outcomes, identities declared.

Belongs here: facts about days and tables. Does not belong here: rows of a table.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import CONTRACTS
from pipeline.landing import store
from pipeline.landing.chronology import end_of_day
from pipeline.landing.declared import Declared
from pipeline.landing.drift import drifts
from pipeline.landing.expiry import expired_rows
from pipeline.landing.volume import expected_count, lateness
from pipeline.landing.write import copy_to
from pipeline.settings import Home
from pipeline.warehouse import connection

_PARAMETERS = "as_of_date date, as_of_at timestamp, business_time_zone varchar, reporting_currency varchar"
_AVAILABILITY = (
    "table_name varchar, source varchar, is_required boolean, is_available boolean, "
    "extract_day_count bigint, refused_day_count bigint, first_extract_date date, last_extract_date date"
)
_OUTCOMES = (
    "table_name varchar, extract_date date, status varchar, file_count bigint, received_count bigint, "
    "loaded_count bigint, quarantined_count bigint, duplicate_count bigint, set_aside_count bigint, "
    "first_event_at timestamp, last_event_at timestamp, content_hash varchar"
)
_VOLUMES = (
    "table_name varchar, extract_date date, received_count bigint, loaded_count bigint, expected_count double, "
    "expected_low double, expected_high double, is_unusual boolean, counted_row_count bigint, late_row_count bigint, "
    "lateness_p50_days bigint, lateness_p99_days bigint"
)
_TABLES = (
    "table_name varchar, counted_row_count bigint, late_row_count bigint, lateness_p50_days bigint, "
    "lateness_p99_days bigint, repaired_cell_count bigint, unrepaired_cell_count bigint, drifted_day_count bigint, "
    "expired_row_count bigint"
)

_BLOCKED = "identifier_type varchar, identifier varchar, reason varchar"
_DECISIONS = (
    "action varchar, identifier_type varchar, identifier varchar, other_identifier_type varchar, "
    "other_identifier varchar"
)


def write_facts(home: Home, as_of_date: date, time_zone: str, *, reporting_currency: str) -> None:
    """Write ``run_parameters``, ``table_availability`` and ``extract_outcomes`` to ``landing/_facts``.

    Extract days after ``as_of_date`` are no input of the build, so they are in none of the tables.
    ``extract_outcomes`` has one row per table, extract day and status: an accepted day whose newer version
    was
    refused, or waits, shows twice.

    Args:
        home: the home.
        as_of_date: the day the build is made for.
        time_zone: business time zone.
        reporting_currency: ISO 4217 code.
    """
    home.landing_facts.mkdir(parents=True, exist_ok=True)
    found = {table: [item for item in store.outcomes(home, table) if item[0] <= as_of_date] for table in CONTRACTS}
    parameters = [(as_of_date, end_of_day(as_of_date, time_zone), time_zone, reporting_currency)]
    availability = [_availability(table, found[table]) for table in CONTRACTS]
    outcomes = [_outcome(table, *item) for table in sorted(found) for item in sorted(found[table], key=_order)]
    with connection(threads=1) as opened:
        _write(opened, home.landing_facts / "run_parameters.parquet", _PARAMETERS, parameters)
        _write(opened, home.landing_facts / "table_availability.parquet", _AVAILABILITY, availability)
        _write(opened, home.landing_facts / "extract_outcomes.parquet", _OUTCOMES, outcomes)
        volumes, tables = [], []
        for table in sorted(found):
            by_day, whole = _volumes(opened, home, table, found[table], time_zone)
            volumes += by_day
            tables.append(whole)
        _write(opened, home.landing_facts / "extract_volumes.parquet", _VOLUMES, volumes)
        _write(opened, home.landing_facts / "table_deliveries.parquet", _TABLES, tables)


def write_declared(home: Home, declared: Declared) -> None:
    """Write ``blocked_identifiers`` and ``identity_decisions`` to ``landing/_facts``."""
    home.landing_facts.mkdir(parents=True, exist_ok=True)
    with connection(threads=1) as opened:
        _write(opened, home.landing_facts / "blocked_identifiers.parquet", _BLOCKED, declared.blocked)
        _write(opened, home.landing_facts / "identity_decisions.parquet", _DECISIONS, declared.decisions)


def write_build_code(home: Home, code: str, *, is_rebuild: bool) -> None:
    """Write ``build_code`` to ``landing/_facts``: under another code than the last one, every model is made anew.

    Args:
        home: the home.
        code: hash of all that makes the models what they are, beside the data.
        is_rebuild: whether every model is to be made anew all the same.
    """
    home.landing_facts.mkdir(parents=True, exist_ok=True)
    with connection(threads=1) as opened:
        _write(
            opened, home.landing_facts / "build_code.parquet", "code varchar, is_rebuild boolean", [(code, is_rebuild)]
        )


def _volumes(
    opened: duckdb.DuckDBPyConnection,
    home: Home,
    table: str,
    found: list[tuple[date, str, dict[str, Any]]],
    time_zone: str,
) -> tuple[list[tuple[Any, ...]], tuple[Any, ...]]:
    """Volume and lateness of each accepted extract day, and of the table."""
    accepted = [(day, content) for day, status, content in found if status == "accepted"]
    counts = [(day, int(content["row_count_received"])) for day, content in accepted]
    files = [store.accepted_folder(home, table, day) / store.DATA for day, _ in accepted]
    by_day, whole = lateness(opened, CONTRACTS[table], files, time_zone=time_zone)
    rows = []
    for (day, content), (_, received) in zip(accepted, counts, strict=True):
        expected = expected_count(day, counts)
        is_unusual = None if expected is None else not expected[1] <= received <= expected[2]
        late = by_day.get(day, (0, 0, None, None))
        bounds = expected or (None, None, None)
        rows.append((table, day, received, int(content["row_count_loaded"]), *bounds, is_unusual, *late))
    texts = [content.get("text_counts", {}) for _, content in accepted]
    repaired = sum(each.get("repaired_cell", 0) for each in texts)
    others = sum(each.get("suspect_cell", 0) + each.get("lost_cell", 0) for each in texts)
    days = {day for day, _, _ in found}
    drifted = sum(day in days for day in drifts(home, table))
    return rows, (table, *whole, repaired, others, drifted, expired_rows(home, table))


def _order(item: tuple[date, str, dict[str, Any]]) -> tuple[date, str]:
    return item[0], item[1]


def _availability(table: str, found: list[tuple[date, str, dict[str, Any]]]) -> tuple[Any, ...]:
    contract = CONTRACTS[table]
    accepted = [day for day, status, _ in found if status == "accepted"]
    refused = [day for day, status, _ in found if status == "refused"]
    return (
        table,
        contract.source,
        contract.is_required,
        bool(accepted),
        len(accepted),
        len(refused),
        min(accepted, default=None),
        max(accepted, default=None),
    )


def _outcome(table: str, day: date, status: str, content: dict[str, Any]) -> tuple[Any, ...]:
    counts = [content[f"row_count_{name}"] for name in ("received", "loaded", "quarantined", "duplicate", "set_aside")]
    events = [content["first_event_at"], content["last_event_at"]]
    return (table, day, status, len(content["files"]), *counts, *events, content["content_hash"])


def _write(opened: duckdb.DuckDBPyConnection, file: Path, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    opened.execute(f"create or replace temp table fact ({columns})")
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        opened.executemany(f"insert into fact values ({marks})", [list(row) for row in rows])
    partial = file.with_name(f"_{file.name}")
    copy_to(opened, "select * from fact", partial)
    partial.replace(file)
