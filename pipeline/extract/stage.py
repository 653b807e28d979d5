"""From a file to typed rows in the columns of a contract: filters, unpivoting, groups, expressions.

Belongs here: putting the SQL of a mapping together and running it. Does not belong here: rules of the
contract.
"""

from dataclasses import replace
from pathlib import Path

import duckdb

from pipeline.contracts import Contract
from pipeline.extract.blanks import bare
from pipeline.extract.compiling import Compiler, Value
from pipeline.extract.files import SourceFile
from pipeline.extract.limits import Limits
from pipeline.extract.mapping import Mapping
from pipeline.extract.mending import TextFacts, mend, mended_header, oddity, suspicion
from pipeline.extract.parsing import Layouts, prepare
from pipeline.extract.presence import missing_columns, unknown_columns
from pipeline.extract.profile import profile
from pipeline.extract.rawtable import RawTable, Stream, raw_relation
from pipeline.extract.read import read_raw
from pipeline.extract.rows import reshape, stream_rows
from pipeline.extract.staged import StagedFile
from pipeline.warehouse import identifier, literal

_SCORE = "score"


def stage_file(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    *,
    mapping: Mapping,
    contract: Contract,
    prefix: str,
    scratch: Path,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    is_streamed: bool = False,
) -> StagedFile:
    """Read one file and turn it into typed rows; a row that fails keeps its reasons.

    Args:
        connection: where the temporary tables are made.
        file: the file.
        mapping: how its columns become those of the contract.
        contract: the contract.
        prefix: start of the names of the temporary tables, so that files do not meet.
        scratch: private folder for temporary copies.
        limits: how large the file may become.
        is_streamed: make views that read the file as they are asked, where file and mapping allow it.

    Raises:
        UnreadableFileError: the file as a whole cannot be read; the message names file and remedy.
    """
    prepare(connection, mapping.time_zone)
    (own := scratch / prefix).mkdir(exist_ok=True)  # a stream reads what lies there until its day is landed
    stream_as = prefix if is_streamed and _is_row_by_row(mapping) else None
    raw = read_raw(connection, file, mapping=mapping, scratch=own, limits=limits, stream_as=stream_as)
    if stream_as and not raw.stream:
        prefix = f"{prefix}_read"  # no table may bear the name of a view, which another day's file may have left
    raw = mended_header(raw, mapping)
    missing = missing_columns(raw, file, mapping, contract)
    _keep_tables(connection, raw, prefix)
    texts = TextFacts() if raw.stream else mend(connection, raw, mapping, prefix)
    source = _source(connection, raw, texts, prefix)
    rows = _stage(connection, raw=raw, mapping=mapping, contract=contract, prefix=prefix, source=source)
    received, set_aside, count = (0, 0, 0) if raw.stream else _counts(connection, prefix, mapping, raw)
    return StagedFile(
        rows_table=rows,
        raw_relation=raw_relation(raw, prefix, is_grouped=bool(mapping.group_by)),
        source_row_count=received,
        set_aside_count=set_aside,
        unknown_columns=unknown_columns(raw, mapping, contract),
        missing_optional_columns=missing,
        columns=profile(connection, raw, prefix),
        texts=texts,
        encoding=raw.encoding,
        stream=_stream(raw, mapping, prefix),
        prefix=prefix,
        row_count=count,
    )


def _is_row_by_row(mapping: Mapping) -> bool:
    """Whether every line becomes one row, whatever the others hold."""
    return not (mapping.where or mapping.unpivot or mapping.group_by or mapping.select)


def _stream(raw: RawTable, mapping: Mapping, prefix: str) -> Stream | None:
    """What a stream needs to give some lines only: their texts bare, and whether one may be encoded twice."""
    if raw.stream is None:
        return None
    used = [raw.columns[name] for name in sorted(mapping.used_columns() & set(raw.columns))]
    bared = ", ".join(f"{bare(column)} as {column}" for column in used)
    some = f"select * replace ({bared}) from {prefix}_some" if used and raw.is_padded else f"from {prefix}_some"
    suspects = f"select 1 from {prefix}_some where {suspicion(raw, mapping)} limit 1"
    return replace(raw.stream, some=some, suspects=suspects)


def _source(connection: duckdb.DuckDBPyConnection, raw: RawTable, texts: TextFacts, prefix: str) -> str:
    if raw.stream:
        connection.execute(f"create or replace temp view {prefix}_source as from {prefix}_raw")
        return f"{prefix}_source"
    return f"{prefix}_mended" if texts.repaired_cell_count else f"{prefix}_raw"


def _keep_tables(connection: duckdb.DuckDBPyConnection, raw: RawTable, prefix: str) -> None:
    """Give what was read names of its own, before the next file takes them."""
    tables = ["malformed"] if raw.stream else ["raw", "malformed"]
    for table in (*tables, *(["records"] if raw.has_parts else [])):
        connection.execute(f"drop table if exists {prefix}_{table}")
        connection.execute(f"alter table {table} rename to {prefix}_{table}")


def _values(compiler: Compiler, mapping: Mapping, contract: Contract) -> dict[str, Value]:
    """The compiled value of every mapped column."""
    # Scales are judged on the number as it was sent, so a score is never rounded onto its scale.
    exact = replace(compiler, is_exact=True)
    return {
        name: (exact if contract.scored_by and name == _SCORE else compiler).value(
            expression, contract.column(name).type
        )
        for name, expression in mapping.columns
    }


def _compiler(raw: RawTable, mapping: Mapping) -> Compiler:
    columns, native = dict(raw.columns), raw.native
    if mapping.unpivot:
        columns |= {mapping.unpivot.name: "_name", mapping.unpivot.value: "_value"}
        if all(raw.columns[column] in raw.native for column, _ in mapping.unpivot.columns):
            native |= {"_value"}
    return Compiler(columns, native, Layouts.of(mapping), mapping.time_zone)


def _stage(
    connection: duckdb.DuckDBPyConnection,
    *,
    raw: RawTable,
    mapping: Mapping,
    contract: Contract,
    prefix: str,
    source: str,
) -> str:
    """Make ``<prefix>_lines``, unless it is a stream; SQL relation of the rows of the contract."""
    compiler = _compiler(raw, mapping)
    values = _values(compiler, mapping, contract)
    where = " and ".join(compiler.condition(condition) for condition in mapping.where) or "true"
    keep = "_value is not null" if mapping.unpivot and mapping.unpivot.drop_null else "true"
    layers, previous = [], "kept"
    for level, layer in enumerate(compiler.layers):
        added = "".join(f", {sql} as {name}" for name, sql in layer.items())
        layers.append(f"layer_{level} as not materialized (select *{added} from {previous})")
        previous = f"layer_{level}"
    group = ", ".join(raw.columns[column] for column in mapping.group_by)
    owner = f"min(_line) over (partition by {group})" if group else "_line"
    kind = "table" if mapping.group_by else "view"  # a view costs no memory; a group is looked at twice
    trimmed = _trimmed(raw, mapping, source)
    lines = (
        f"with trimmed as not materialized ({trimmed}), "
        f"kept as not materialized (select * from trimmed where {where} and {keep}), {', '.join(layers)} "
        f"select _line, _part, {owner} as _owner, {_typed(values)}, {_twice(values)} as _is_time_ambiguous, "
        f"{_reasons(values)} as _reasons{_mark(raw, values)} from {previous}"
    )
    if raw.stream:
        return stream_rows(contract, values, lines=lines)
    connection.execute(f"create or replace temp {kind} {prefix}_lines as {lines}")
    return reshape(connection, mapping=mapping, contract=contract, values=values, prefix=prefix)


def _mark(raw: RawTable, values: dict[str, Value]) -> str:
    """For a stream: one cheap truth in place of reasons, so that only rows that fail are looked at closely."""
    if not raw.stream:
        return ""
    failed = " or ".join(predicate for value in values.values() for predicate, _ in value.failures) or "false"
    return f", coalesce({failed}, false) or _is_odd as _is_failed"


def _trimmed(raw: RawTable, mapping: Mapping, source: str) -> str:
    used = sorted(mapping.used_columns() & set(raw.columns))
    is_bare = raw.stream is not None or not raw.is_padded
    texts = "".join(
        f", {raw.columns[name] if is_bare else bare(raw.columns[name])} as {raw.columns[name]}" for name in used
    )
    part = "_part" if raw.has_parts else "0"
    # A stream takes texts as they are, and says which rows that is wrong for.
    odd = f", {oddity(raw, mapping)} as _is_odd" if raw.stream else ""
    plain = f"select _line, {part} as _part{odd}{texts} from {source}"
    if not mapping.unpivot:
        return plain
    names = ", ".join(f"({place}, {literal(name)})" for place, (_, name) in enumerate(mapping.unpivot.columns))
    arms = " ".join(
        f"when {place} then plain.{raw.columns[column]}" for place, (column, _) in enumerate(mapping.unpivot.columns)
    )
    return (
        f"select plain.* exclude (_part), plain._part * {len(mapping.unpivot.columns)} + wide.place as _part, "
        "wide.name as _name, "
        f"case wide.place {arms} end as _value "
        f"from ({plain}) as plain cross join (values {names}) as wide (place, name)"
    )


def _typed(values: dict[str, Value]) -> str:
    return ", ".join(f"{value.sql} as {identifier(name)}" for name, value in values.items())


def _twice(values: dict[str, Value]) -> str:
    return " or ".join(twice for value in values.values() for twice in value.twice) or "false"


def _reasons(values: dict[str, Value]) -> str:
    arms = [
        f"case when {predicate} then {literal(f'{name}: {what}')} end"
        for name, value in values.items()
        for predicate, what in value.failures
    ]
    return f"nullif(concat_ws(chr(10), {', '.join(arms)}), '')" if arms else "null::varchar"


def _counts(
    connection: duckdb.DuckDBPyConnection, prefix: str, mapping: Mapping, raw: RawTable
) -> tuple[int, int, int]:
    """Records of the file; rows set aside (records without a row, rows the filters left out); rows of the contract."""
    records = "count(distinct _line)" if raw.has_parts else "count(*)"
    is_filtered = bool(mapping.where or (mapping.unpivot and mapping.unpivot.drop_null))
    lines = f"(select count(*) from {prefix}_lines)" if is_filtered else "null"  # else all of them, and dear to ask
    groups = f"(select count(*) from {prefix}_rows)" if mapping.group_by else "null"
    row = connection.execute(
        f"select (select {records} from {prefix}_raw), (select count(*) from {prefix}_raw), "
        f"(select count(*) from {prefix}_malformed), {lines}, {groups}"
    ).fetchall()[0]
    wide = int(row[1]) * (len(mapping.unpivot.columns) if mapping.unpivot else 1)
    source_rows = int(row[0]) + raw.set_aside_count + int(row[2])
    kept = int(row[3]) if is_filtered else wide
    rows = int(row[4]) if mapping.group_by else kept + int(row[2])
    return source_rows, wide - kept + raw.set_aside_count, rows
