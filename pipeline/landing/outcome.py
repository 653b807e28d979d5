"""The outcome of an extract day: counts that must add up, hashes, reasons.

Belongs here: the content of ``outcome.json``, no clock in it. Does not belong here: writing it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import Contract
from pipeline.landing.model import ConservationError, DroppedFile, Staged
from pipeline.landing.store import read_outcome
from pipeline.warehouse import identifier, literal

_STATUSES = ("loaded", "quarantined", "duplicate")
_COUNTS = ("received", *_STATUSES, "set_aside")
StagedFiles = Sequence[tuple[DroppedFile, Staged]]
MaybeStaged = Sequence[tuple[DroppedFile, Staged | None]]


def unreadable(
    head: dict[str, Any], staged: MaybeStaged, contract: Contract, problems: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Outcome of a day with a file that cannot be read: nothing lands, the problems are listed."""
    none = dict.fromkeys(_COUNTS, 0)
    return {
        **head,
        "is_readable": False,
        "problems": list(problems),
        "files": [_file_block(file, item, none) for file, item in staged],
        **{f"row_count_{name}": 0 for name in _COUNTS},
        "quarantine_reasons": {},
        "content_hash": None,
        "depends_on": {},
        "rates_fingerprint": None,
        "first_event_at": None,
        "last_event_at": None,
        "null_counts": {name: 0 for name, _ in contract.landed_columns},
    }


def readable(
    connection: duckdb.DuckDBPyConnection,
    head: dict[str, Any],
    staged: StagedFiles,
    *,
    contract: Contract,
    reporting_currency: str,
    rates_fingerprint: str,
    others: Mapping[str, Path],
) -> dict[str, Any]:
    """Outcome of a day that was read, from table ``door``.

    Raises:
        ConservationError: the counts of a file do not add up.
    """
    files = [_file_block(file, item, _file_counts(connection, file, item)) for file, item in staged]
    first, last, content_hash = connection.execute(
        "select min(_event_at)::varchar, max(_event_at)::varchar, "
        "sha256(coalesce(string_agg(_key_hash || _row_hash, '' order by _key_hash, _row_hash), '')) "
        "from door where _status = 'loaded'"
    ).fetchall()[0]
    return {
        **head,
        "is_readable": True,
        "problems": [],
        "files": files,
        **{f"row_count_{name}": sum(file[name] for file in files) for name in _COUNTS},
        "quarantine_reasons": _reasons(connection),
        "content_hash": content_hash,
        "depends_on": _depends_on(connection, others),
        "rates_fingerprint": _rates(connection, contract, reporting_currency, rates_fingerprint),
        "first_event_at": first,
        "last_event_at": last,
        "null_counts": _null_counts(connection, contract),
    }


def _file_block(file: DroppedFile, item: Staged | None, counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": file.name,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "replacement": file.replacement,
        "source_rows": item.source_row_count if item else 0,
        "unknown_columns": list(item.unknown_columns) if item else [],
        "missing_optional_columns": list(item.missing_optional_columns) if item else [],
        **counts,
    }


def _file_counts(connection: duckdb.DuckDBPyConnection, file: DroppedFile, item: Staged) -> dict[str, int]:
    """Counts in rows of the table (a group or an unpivoted answer is one), and source rows set aside."""
    found = dict(
        connection.execute(
            f"select _status, count(*) from door where _source_file = {literal(file.name)} group by _status"
        ).fetchall()
    )
    staged = int(connection.execute(f"select count(*) from {item.rows_table}").fetchall()[0][0])
    counts = {name: int(found.get(name, 0)) for name in _STATUSES}
    received = staged + item.set_aside_count
    if received != sum(counts.values()) + item.set_aside_count:
        raise ConservationError(
            f"{file.name}: {received} rows received, but {counts} and {item.set_aside_count} set aside. "
            "This is a fault of the program; nothing was landed. Please report it with these figures."
        )
    return {"received": received, **counts, "set_aside": item.set_aside_count}


def _reasons(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    rows = connection.execute(
        "select reason, count(*) from (select unnest(string_split(_final_reasons, chr(10))) as reason "
        "from door where _status = 'quarantined') group by reason order by reason"
    ).fetchall()
    return {str(reason): int(count) for reason, count in rows}


def _depends_on(connection: duckdb.DuckDBPyConnection, others: Mapping[str, Path]) -> dict[str, str]:
    """Other days some row was found on already, with their content.

    Another content there asks for a new look at this day.
    """
    rows = connection.execute("select distinct _seen_date::varchar from door where _seen_date is not null").fetchall()
    days = sorted(str(row[0]) for row in rows)
    return {day: (read_outcome(others[day]) or {})["content_hash"] for day in days}


def _rates(
    connection: duckdb.DuckDBPyConnection, contract: Contract, reporting_currency: str, fingerprint: str
) -> str | None:
    if not contract.amount_columns:
        return None
    foreign = connection.execute(
        f"select count(*) from staged where currency <> {literal(reporting_currency)}"
    ).fetchall()[0][0]
    return fingerprint if foreign else None


def _null_counts(connection: duckdb.DuckDBPyConnection, contract: Contract) -> dict[str, int]:
    names = [name for name, _ in contract.landed_columns]
    counts = ", ".join(f"count(*) - count({identifier(name)})" for name in names)
    row = connection.execute(f"select {counts} from door where _status = 'loaded'").fetchall()[0]
    return {name: int(count) for name, count in zip(names, row, strict=True)}
