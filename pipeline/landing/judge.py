"""One extract day through the door, in SQL: rules, pseudonyms, duplicates, conflicts.

Belongs here: from staged files to view ``door`` with a status per row. Does not belong here: folders and outcomes, rows
that need no looking at (``stream``).
"""

from collections.abc import Sequence
from datetime import date

import duckdb

from pipeline.contracts import Contract
from pipeline.landing.case import DayCase, OtherDay, known_since
from pipeline.landing.keys import key_sql, row_hash
from pipeline.landing.model import Staged
from pipeline.landing.personal import landed_value, set_pads
from pipeline.landing.references import REFERENCES, create_references, reference_joins
from pipeline.landing.rules import row_reasons
from pipeline.landing.tombstones import create_tombstones, is_forgotten
from pipeline.warehouse import file_literal, identifier, literal

_MOST_NUMBERS = 2_000  # of rows named one by one in a statement


def judge_day(connection: duckdb.DuckDBPyConnection, staged: Sequence[tuple[str, Staged]], case: DayCase) -> None:
    """Make view ``door``: every staged row as it would land, with ``_status`` and ``_final_reasons``.

    Args:
        connection: where the staged files are.
        staged: (file name, staged file), in order of file name.
        case: the day and what it is held against.
    """
    contract = case.contract
    prepare(connection, case)
    # A view costs no memory; some rows are looked at twice.
    kind = "table" if contract.amount_columns or contract.table in REFERENCES else "view"
    connection.execute(f"create or replace temp {kind} staged as {staged_sql(connection, staged, case)}")
    create_references(connection, contract.table, case.references)
    selected, joins = reference_joins(contract.table)
    if joins:
        source = f"select rows.*{selected} from staged as rows {joins}"
        connection.execute(f"create or replace temp table staged as {source}")
    found = row_reasons(contract, case.settings, day=case.day, is_key_row=case.is_key_row)
    judged = f"select {landed_values(contract)}, {found} as _found from staged where {_is_kept(connection, case)}"
    connection.execute(f"create or replace temp table keyed as {_keyed_sql(case, judged)}")
    _create_seen(connection, contract, case.others)
    _create_door(connection, contract)


def _is_kept(connection: duckdb.DuckDBPyConnection, case: DayCase) -> str:
    """SQL that is true for rows to be judged; those of people who were forgotten are counted in ``forgotten``."""
    forgotten = is_forgotten(case.contract, case.settings.tombstones)
    source = f"staged where {forgotten}" if forgotten else "(select null::varchar as _source_file) where false"
    counted = f"select _source_file, count(*) as row_count from {source} group by all"
    connection.execute(f"create or replace temp table forgotten as {counted}")
    return f"not {forgotten}" if forgotten else "true"


def prepare(connection: duckdb.DuckDBPyConnection, case: DayCase) -> None:
    """Give a connection what rows are hashed and turned away with."""
    set_pads(connection, case.settings.key)
    create_tombstones(connection, case.settings.tombstones)


def staged_sql(connection: duckdb.DuckDBPyConnection, staged: Sequence[tuple[str, Staged]], case: DayCase) -> str:
    """SQL of the rows of all files of a day, with what they are judged by.

    Args:
        connection: where the staged files are.
        staged: (file name, staged file), in order of file name.
        case: the day.
    """
    contract = case.contract
    parts = " union all ".join(
        f"select *, {literal(name)} as _source_file from {item.rows_table}" for name, item in staged
    )
    event = f"coalesce({', '.join(contract.event_time)})" if contract.event_time else "null"
    return (
        f"select rows.*, cast({event} as timestamp) as _event_at, "
        f"date {literal(case.day.isoformat())} as _extract_date, {_rate_since(connection, case)} as _rate_since "
        f"from ({parts}) as rows"
    )


def _rate_since(connection: duckdb.DuckDBPyConnection, case: DayCase) -> str:
    """SQL of the first day a rate of the row's currency is known for."""
    known = known_since(connection, case.references.get("fx_rates", ())) if case.contract.amount_columns else []
    if not known:
        return "null::date"
    arms = " ".join(f"when {literal(currency)} then date {literal(day)}" for currency, day in known)
    return f"case currency {arms} end"


def landed_values(contract: Contract) -> str:
    """SQL of the columns of a row as they land, and of the door's own but for key and hash."""
    values = ", ".join(
        f"{landed_value(column)} as {identifier(column.landed_name)}"
        for column in contract.columns
        if column.landed_name
    )
    return f"{values}, _extract_date, _source_file, _line, _part, _event_at, _is_time_ambiguous"


def _keyed_sql(case: DayCase, judged: str) -> str:
    key = key_sql(case.contract, is_key_row=case.is_key_row)
    if not case.is_key_row:
        return f"select *, null::varchar as _row_hash, {key} as _key_hash from ({judged})"
    # Equal lines of one file are two facts; the same lines sent again in another file are not.
    occurrence = "row_number() over (partition by _source_file, _row_hash, _found is null order by _line, _part)"
    hashed = f"select *, {row_hash(case.contract)} as _row_hash from ({judged})"
    return f"select *, {key} as _key_hash from (select *, {occurrence} as _occurrence from ({hashed}))"


def _create_seen(connection: duckdb.DuckDBPyConnection, contract: Contract, others: Sequence[OtherDay]) -> None:
    """The earliest extract day that holds each key: it wins, in whatever order days were landed."""
    source = "select '' as _key_hash, '' as _content, null::date as _extract_date where false"
    known = f"read_parquet([{', '.join(file_literal(path) for _, path in others)}], hive_partitioning = false"
    shares_key = "_key_hash in (select _key_hash from keyed where _found is null)"
    # Keys alone first: few rows are met, and the reader passes over all others by their numbers.
    numbers = (
        connection.execute(
            f"select distinct file_row_number from {known}, file_row_number = true) where {shares_key} "
            f"limit {_MOST_NUMBERS + 1}"
        ).fetchall()
        if others
        else []
    )
    if numbers:
        is_few = len(numbers) <= _MOST_NUMBERS
        there = f"file_row_number in ({', '.join(str(row[0]) for row in numbers)}) and " if is_few else ""
        source = (
            f"select _key_hash, {row_hash(contract)} as _content, _extract_date "
            f"from {known}, file_row_number = true) where {there}{shares_key}"
        )
    connection.execute(
        f"create or replace temp table seen as select * from ({source}) "
        "qualify row_number() over (partition by _key_hash order by _extract_date) = 1"
    )


# Rows that share their key with another row, of this day or another: the only ones whose content is compared.
_COPIES = """
    create or replace temp table copies as
    with shared as (
        select _key_hash from keyed where _found is null group by _key_hash having count(*) > 1
        union
        select _key_hash from seen
    ),
    contents as (
        select keyed.rowid as _row, _key_hash, _source_file, _line, _part, {content} as _content
        from keyed
        where _found is null and _key_hash in (from shared)
    )
    select
        _row,
        _content,
        min(_content) over same_key <> max(_content) over same_key as _is_conflict,
        row_number() over (partition by _key_hash, _content order by _source_file, _line, _part) as _copy
    from contents
    window same_key as (partition by _key_hash)
"""
_DOOR = """
    create or replace temp view door as
    with grouped as not materialized (
        select
            keyed.*, copies._content, seen._content as _seen_content, seen._extract_date as _seen_date,
            coalesce(copies._is_conflict, false) as _is_conflict, coalesce(copies._copy, 1) as _copy
        from keyed
        left join seen on seen._key_hash = keyed._key_hash
        left join copies on copies._row = keyed.rowid
    ),
    explained as not materialized (
        select *, case
            when _found is not null then _found
            when _is_conflict or (_seen_content <> _content and _seen_date = _extract_date)
                then 'key: same key with different content'
            when _seen_content <> _content and _seen_date > _extract_date
                then 'key: landed before from a later day whose file is gone, with different content'
            when _seen_content <> _content then 'key: delivered on an earlier day with different content'
            end as _final_reasons
        from grouped
    )
    select *, case
        when _final_reasons is not null then 'quarantined'
        when _copy > 1 or _seen_content is not null then 'duplicate'
        else 'loaded' end as _status
    from explained
"""


def _create_door(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """View ``door``: looking at other rows costs, so only keys that come more than once are looked at."""
    connection.execute(_COPIES.format(content=row_hash(contract)))
    connection.execute(_DOOR)


def landed_columns_sql(contract: Contract) -> str:
    """SQL of all columns of a row that lands, in their order and of their types."""
    columns = ", ".join(
        f"cast({identifier(name)} as {kind}) as {identifier(name)}" for name, kind in contract.landed_columns
    )
    return (
        f"{columns}, _extract_date, _source_file, cast(_line as bigint) as _source_line, _key_hash, _row_hash, "
        "_event_at, cast(_is_time_ambiguous as boolean) as _is_time_ambiguous"
    )


def landed_sql(contract: Contract) -> str:
    """SQL of the rows that land, typed and in an order that depends on nothing but them."""
    return (
        f"select {landed_columns_sql(contract)} from door where _status = 'loaded' "
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
