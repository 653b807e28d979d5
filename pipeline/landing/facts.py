"""Small Parquet tables about landing that dbt reads: run parameters, availability, outcomes.

Belongs here: facts about days and tables. Does not belong here: rows of a table.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipeline.contracts import CONTRACTS
from pipeline.landing import store
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


def end_of_day(day: date, time_zone: str) -> datetime:
    """The instant, naive UTC, that ends a calendar day in a time zone (a day may have 23 or 25 hours)."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(time_zone))
    return midnight.astimezone(UTC).replace(tzinfo=None)


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
