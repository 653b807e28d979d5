"""The outcome of an extract day: counts that must add up, hashes, reasons.

Belongs here: the content of ``outcome.json``, no clock in it. Does not belong here: writing it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import Contract
from pipeline.landing.model import ConservationError, DroppedFile, Staged
from pipeline.landing.references import contradictions
from pipeline.landing.store import read_outcome
from pipeline.warehouse import identifier, literal

_STATUSES = ("loaded", "quarantined", "duplicate")
_COUNTS = ("received", *_STATUSES, "set_aside")
_TEXTS = ("repaired_cell", "suspect_cell", "lost_cell")
_COLUMN = ("name", "kind", "filled_count", "filled_share", "mean_length")
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
        "text_counts": dict.fromkeys(_TEXTS, 0),
        "content_hash": None,
        "depends_on": {},
        "contradictions": {},
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
    return {
        **head,
        "is_readable": True,
        "problems": [],
        "files": files,
        **{f"row_count_{name}": sum(file[name] for file in files) for name in _COUNTS},
        "quarantine_reasons": reasons(connection),
        "text_counts": {name: sum(file["text_counts"][name] for file in files) for name in _TEXTS},
        **landed_facts(connection, "(select * from door where _status = 'loaded')", contract),
        "depends_on": _depends_on(connection, others),
        "contradictions": contradictions(connection, contract.table),
        "rates_fingerprint": _rates(connection, contract, reporting_currency, rates_fingerprint),
    }


def landed_facts(connection: duckdb.DuckDBPyConnection, relation: str, contract: Contract) -> dict[str, Any]:
    """What an outcome says of the rows that land: when, how many are empty, and their hash.

    Args:
        connection: where the rows are.
        relation: SQL relation of the rows that land.
        contract: the contract.
    """
    names = [name for name, _ in contract.landed_columns]
    counts = "".join(f", count(*) - count({identifier(name)})" for name in names)
    first, last, content_hash, *nulls = connection.execute(
        "select min(_event_at)::varchar, max(_event_at)::varchar, "
        # No order, and no text as long as the day: a key lands once, so no two rows cancel out.
        f"sha256(concat_ws(':', count(*), bit_xor(md5_number(_key_hash || _row_hash)))){counts} "
        f"from {relation}"
    ).fetchall()[0]
    return {
        "content_hash": content_hash,
        "first_event_at": first,
        "last_event_at": last,
        "null_counts": {name: int(count) for name, count in zip(names, nulls, strict=True)},
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
        "columns": [{key: getattr(column, key) for key in _COLUMN} for column in item.columns] if item else [],
        "encoding": item.encoding if item else "",
        "text_counts": {name: int(getattr(item.texts, f"{name}_count")) if item else 0 for name in _TEXTS},
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


def reasons(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Quarantined rows of table ``door`` by reason."""
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
