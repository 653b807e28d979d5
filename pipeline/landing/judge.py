"""One extract day through the door, in SQL: rules, pseudonyms, hashes, duplicates, conflicts.

Belongs here: from staged files to table ``door`` with a status per row. Does not belong here: folders and
outcomes.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from pipeline.contracts import Contract
from pipeline.landing.model import DoorSettings, Staged
from pipeline.landing.personal import hmac_pads, landed_value
from pipeline.landing.references import REFERENCES, Paths, create_references, reference_joins
from pipeline.landing.rules import row_reasons
from pipeline.warehouse import file_literal, identifier, literal

_SEPARATOR = "chr(31)"
_NULL_MARKER = "chr(30)"

OtherDay = tuple[date, Path]
"""Another extract day of the table and its Parquet file."""


def judge_day(
    connection: duckdb.DuckDBPyConnection,
    staged: Sequence[tuple[str, Staged]],
    *,
    contract: Contract,
    day: date,
    settings: DoorSettings,
    is_key_row: bool,
    others: Sequence[OtherDay] = (),
    references: Paths | None = None,
) -> None:
    """Make view ``door``: every staged row as it would land, with ``_status`` and ``_final_reasons``.

    Args:
        connection: where the staged files are.
        staged: (file name, staged file), in order of file name.
        contract: the contract.
        day: the extract day.
        settings: what holds for every table.
        is_key_row: whether the key is the row and its occurrence within the file.
        others: days whose keys count before those of this day. For events: earlier ones, and later ones that
            cannot be landed anew. For rows read again: what the day itself holds already.
        references: landed files of the tables that rows are held against, exchange rates among them.
    """
    references = references or {}
    _create_support(connection, settings, references.get("fx_rates", ()))
    _create_staged(connection, staged, contract=contract, day=day)
    create_references(connection, contract.table, references)
    selected, joins = reference_joins(contract.table)
    if joins:
        source = f"select rows.*{selected} from staged as rows {joins}"
        connection.execute(f"create or replace temp table staged as {source}")
    reasons = row_reasons(contract, settings, day=day, is_key_row=is_key_row)
    values = ", ".join(
        f"{landed_value(column)} as {identifier(column.landed_name)}"
        for column in contract.columns
        if column.landed_name
    )
    door = "_extract_date, _source_file, _line, _part, _event_at, _is_time_ambiguous"
    judged = f"select {values}, {door}, {reasons} as _found from staged"
    hashed = f"select *, {_row_hash(contract)} as _row_hash from ({judged})"
    connection.execute(f"create or replace temp table keyed as {_keyed_sql(contract, hashed, is_key_row=is_key_row)}")
    _create_seen(connection, others)
    _create_door(connection)


def _create_support(connection: duckdb.DuckDBPyConnection, settings: DoorSettings, rates: Sequence[Path]) -> None:
    connection.execute(
        "create or replace temp table hmac_pads as select $inner as inner_pad, $outer as outer_pad",
        hmac_pads(settings.key),
    )
    source = "select null::varchar as currency, null::date as rate_date where false"
    if rates:
        source = f"select currency, rate_date from read_parquet([{', '.join(map(file_literal, rates))}])"
    connection.execute(
        "create or replace temp table known_rates as "
        f"select currency, min(rate_date) as since from ({source}) group by currency"
    )


def known_since(connection: duckdb.DuckDBPyConnection, rates: Sequence[Path]) -> list[tuple[str, str]]:
    """Currency and first day a rate is known for: all that judging a row asks of the rates."""
    if not rates:
        return []
    return connection.execute(
        "select currency, min(rate_date)::varchar from "
        f"read_parquet([{', '.join(map(file_literal, rates))}], hive_partitioning = false) group by currency order by 1"
    ).fetchall()


def _create_staged(
    connection: duckdb.DuckDBPyConnection,
    staged: Sequence[tuple[str, Staged]],
    *,
    contract: Contract,
    day: date,
) -> None:
    parts = " union all ".join(
        f"select *, {literal(name)} as _source_file from {item.rows_table}" for name, item in staged
    )
    event = f"coalesce({', '.join(contract.event_time)})" if contract.event_time else "null"
    rate, join, kind = "null::date", "", "view"  # a view is looked at once, and costs no memory
    if contract.amount_columns or contract.table in REFERENCES:
        kind = "table"
    if contract.amount_columns:
        rate, join = "known_rates.since", "left join known_rates on known_rates.currency = rows.currency"
    connection.execute(
        f"create or replace temp {kind} staged as select rows.*, cast({event} as timestamp) as _event_at, "
        f"date {literal(day.isoformat())} as _extract_date, {rate} as _rate_since "
        f"from ({parts}) as rows {join}"
    )


def _hash_of(columns: Sequence[str]) -> str:
    parts = ", ".join(f"coalesce({column}::varchar, {_NULL_MARKER})" for column in columns)
    return f"sha256(concat_ws({_SEPARATOR}, {parts}))"


def _row_hash(contract: Contract) -> str:
    return _hash_of([identifier(name) for name, _ in contract.landed_columns])


def _keyed_sql(contract: Contract, hashed: str, *, is_key_row: bool) -> str:
    if is_key_row:
        # Equal lines of one file are two facts; the same lines sent again in another file are not.
        occurrence = "row_number() over (partition by _source_file, _row_hash, _found is null order by _line, _part)"
        key = _hash_of(["_row_hash", "_occurrence"])
    else:
        landed = [contract.column(name).landed_name for name in contract.key]
        occurrence, key = "0", _hash_of([identifier(name) for name in landed if name])
    return f"select *, {key} as _key_hash from (select *, {occurrence} as _occurrence from ({hashed}))"


def _create_seen(connection: duckdb.DuckDBPyConnection, others: Sequence[OtherDay]) -> None:
    """The earliest extract day that holds each key: it wins, in whatever order days were landed."""
    source = "select '' as _key_hash, '' as _row_hash, null::date as _extract_date where false"
    if others:
        files = ", ".join(file_literal(path) for _, path in others)
        columns = "_key_hash, _row_hash, _extract_date"
        source = f"select {columns} from read_parquet([{files}], hive_partitioning = false)"
    connection.execute(
        "create or replace temp table seen as "
        f"select * from ({source}) where _key_hash in (select _key_hash from keyed where _found is null) "
        "qualify row_number() over (partition by _key_hash order by _extract_date) = 1"
    )


_COPIES = """
    create or replace temp table copies as
    select
        keyed.rowid as _row,
        min(_row_hash) over same_key <> max(_row_hash) over same_key as _is_conflict,
        row_number() over (partition by _key_hash, _row_hash order by _source_file, _line, _part) as _copy
    from keyed
    where _found is null and _key_hash in (
        select _key_hash from keyed where _found is null group by _key_hash having count(*) > 1
    )
    window same_key as (partition by _key_hash)
"""
_DOOR = """
    create or replace temp view door as
    with grouped as not materialized (
        select
            keyed.*, seen._row_hash as _seen_hash, seen._extract_date as _seen_date,
            coalesce(copies._is_conflict, false) as _is_conflict, coalesce(copies._copy, 1) as _copy
        from keyed
        left join seen on seen._key_hash = keyed._key_hash
        left join copies on copies._row = keyed.rowid
    ),
    explained as not materialized (
        select *, case
            when _found is not null then _found
            when _is_conflict or (_seen_hash <> _row_hash and _seen_date = _extract_date)
                then 'key: same key with different content'
            when _seen_hash <> _row_hash and _seen_date > _extract_date
                then 'key: landed before from a later day whose file is gone, with different content'
            when _seen_hash <> _row_hash then 'key: delivered on an earlier day with different content'
            end as _final_reasons
        from grouped
    )
    select *, case
        when _final_reasons is not null then 'quarantined'
        when _copy > 1 or _seen_hash is not null then 'duplicate'
        else 'loaded' end as _status
    from explained
"""


def _create_door(connection: duckdb.DuckDBPyConnection) -> None:
    """View ``door``: looking at other rows costs, so only keys that come more than once are looked at."""
    connection.execute(_COPIES)
    connection.execute(_DOOR)


def landed_sql(contract: Contract) -> str:
    """SQL of the rows that land, typed and in an order that depends on nothing but them."""
    columns = ", ".join(
        f"cast({identifier(name)} as {kind}) as {identifier(name)}" for name, kind in contract.landed_columns
    )
    return (
        f"select {columns}, _extract_date, _source_file, cast(_line as bigint) as _source_line, "
        "_key_hash, _row_hash, "
        "_event_at, cast(_is_time_ambiguous as boolean) as _is_time_ambiguous "
        "from door where _status = 'loaded' "
        "order by _source_file, _source_line, _part"
    )


def quarantine_sql(staged: Sequence[tuple[str, Staged]]) -> str:
    """SQL of the quarantined rows with their raw text, file, line and reasons."""
    raw = " union all ".join(
        f"select {literal(name)} as _source_file, _line, _raw from {item.raw_relation}" for name, item in staged
    )
    return (
        "select door._extract_date, door._source_file, cast(door._line as bigint) as _source_line, "
        "cast(door._part as bigint) as _part, "
        "string_split(door._final_reasons, chr(10)) as _reasons, raw._raw from door "
        f"left join ({raw}) as raw on raw._source_file = door._source_file and raw._line = door._line "
        "where door._status = 'quarantined' "
        "order by door._source_file, door._line, door._part"
    )


def repairs_sql(staged: Sequence[tuple[str, Staged]], day: date) -> str | None:
    """SQL of the cells that were put right, with what came; ``None`` if there are none."""
    parts = [
        f"select date {literal(day.isoformat())} as _extract_date, {literal(name)} as _source_file, "
        f"cast(_line as bigint) as _source_line, _column, _original, _repaired from {item.texts.repairs_relation}"
        for name, item in staged
        if item.texts.repairs_relation
    ]
    return f"select * from ({' union all '.join(parts)}) order by all" if parts else None


def empty_table_sql(contract: Contract, door_columns: Sequence[tuple[str, str]]) -> str:
    """SQL of a table with the landed columns of a contract and no row."""
    columns = ", ".join(
        f"cast(null as {kind}) as {identifier(name)}" for name, kind in (*contract.landed_columns, *door_columns)
    )
    return f"select {columns} where false"
