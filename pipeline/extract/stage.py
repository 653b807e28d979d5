"""From a file to typed rows in the columns of a contract: filters, unpivoting, groups, expressions.

Belongs here: putting the SQL of a mapping together and running it. Does not belong here: rules of the
contract.
"""

from dataclasses import replace
from pathlib import Path

import duckdb

from pipeline.contracts import ColumnType, Contract
from pipeline.extract.compiling import TOO_LARGE, Compiler, Value
from pipeline.extract.expressions import Aggregate
from pipeline.extract.files import SourceFile
from pipeline.extract.limits import Limits
from pipeline.extract.mapping import Mapping
from pipeline.extract.mending import mend, mended_header
from pipeline.extract.parsing import Layouts, create_macros
from pipeline.extract.presence import missing_columns, unknown_columns
from pipeline.extract.profile import profile
from pipeline.extract.rawtable import RawTable, raw_relation
from pipeline.extract.read import read_raw
from pipeline.extract.staged import StagedFile
from pipeline.warehouse import identifier, literal

_SCORE = "score"
_NUMBERS = (ColumnType.INTEGER, ColumnType.AMOUNT, ColumnType.RATE)
_BLANK = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(8239)"


def stage_file(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    *,
    mapping: Mapping,
    contract: Contract,
    prefix: str,
    scratch: Path,
    limits: Limits = Limits(),  # noqa: B008 - frozen
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

    Raises:
        UnreadableFileError: the file as a whole cannot be read; the message names file and remedy.
    """
    create_macros(connection)
    raw = mended_header(read_raw(connection, file, mapping=mapping, scratch=scratch, limits=limits), mapping)
    missing = missing_columns(raw, file, mapping, contract)
    _keep_tables(connection, raw, prefix)
    texts = mend(connection, raw, mapping, prefix)
    compiler = _compiler(raw, mapping)
    values = _values(compiler, mapping, contract)
    _stage(
        connection,
        raw=raw,
        mapping=mapping,
        contract=contract,
        compiler=compiler,
        values=values,
        prefix=prefix,
        source=f"{prefix}_mended" if texts.repaired_cell_count else f"{prefix}_raw",
    )
    received, kept = _counts(connection, prefix, mapping, raw)
    return StagedFile(
        rows_table=f"{prefix}_rows",
        raw_relation=raw_relation(raw, prefix, is_grouped=bool(mapping.group_by)),
        source_row_count=received,
        set_aside_count=kept,
        unknown_columns=unknown_columns(raw, mapping, contract),
        missing_optional_columns=missing,
        columns=profile(connection, raw, prefix),
        texts=texts,
        encoding=raw.encoding,
    )


def _keep_tables(connection: duckdb.DuckDBPyConnection, raw: RawTable, prefix: str) -> None:
    """Give what was read names of its own, before the next file takes them."""
    for table in ("raw", "malformed", *(["records"] if raw.has_parts else [])):
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
    compiler: Compiler,
    values: dict[str, Value],
    prefix: str,
    source: str,
) -> None:
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
    connection.execute(
        f"create or replace temp {kind} {prefix}_lines as with trimmed as not materialized ({trimmed}), "
        f"kept as not materialized (select * from trimmed where {where} and {keep}), {', '.join(layers)} "
        f"select _line, _part, {owner} as _owner, {_typed(values)}, {_twice(values)} as _is_time_ambiguous, "
        f"{_reasons(values)} as _reasons from {previous}"
    )
    _reshape(connection, mapping=mapping, contract=contract, values=values, prefix=prefix)


def _trimmed(raw: RawTable, mapping: Mapping, source: str) -> str:
    used = sorted(mapping.used_columns() & set(raw.columns))
    texts = "".join(f", {_bare(raw.columns[name])} as {raw.columns[name]}" for name in used)
    part = "_part" if raw.has_parts else "0"
    plain = f"select _line, {part} as _part{texts} from {source}"
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


def _bare(text: str) -> str:
    """SQL of a text without blanks around it, NULL if it is empty; few have any, and a look at the ends is cheap."""
    may_be_padded = f"{text} < '!' or {text} >= chr(128) or contains({_BLANK}, {text}[-1])"
    return f"case when {may_be_padded} then nullif(trim({text}, {_BLANK}), '') else {text} end"


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


def _reshape(
    connection: duckdb.DuckDBPyConnection,
    *,
    mapping: Mapping,
    contract: Contract,
    values: dict[str, Value],
    prefix: str,
) -> None:
    """Make the rows of the contract, one per line or group, and malformed rows with their reason."""
    mapped = dict(mapping.columns)
    selected, typed, large = [], [], []
    for column in contract.columns:
        name, kind = identifier(column.name), column.type.sql
        sql = name if column.name in values else "null"
        expression = mapped.get(column.name)
        if mapping.group_by and column.name in values:
            function = expression.function if isinstance(expression, Aggregate) else "first"
            sql = f"arg_min({name}, _line)" if function == "first" else f"{function}({name})"
        selected.append(f"{sql} as {name}")
        typed.append(f"try_cast({name} as {kind}) as {name}")
        if column.name in values and column.type in _NUMBERS:
            reason = literal(f"{column.name}: {TOO_LARGE}")
            large.append(f", case when {name} is not null and try_cast({name} as {kind}) is null then {reason} end")
    nulls = ", ".join(f"null::{column.type.sql}" for column in contract.columns)
    body = f"select _line, _part, {', '.join(selected)}, _is_time_ambiguous, _reasons from {prefix}_lines"
    if mapping.group_by:
        reasons = "string_split(string_agg(_reasons, chr(10) order by _line), chr(10))"
        body = (
            f"select _owner as _line, 0 as _part, {', '.join(selected)}, "
            "bool_or(_is_time_ambiguous) as _is_time_ambiguous, "
            f"array_to_string(list_sort(list_distinct({reasons})), chr(10)) as _reasons "
            f"from {prefix}_lines group by _owner"
        )
    kind = "table" if mapping.group_by else "view"
    connection.execute(
        f"create or replace temp {kind} {prefix}_rows as select _line, _part, {', '.join(typed)}, _is_time_ambiguous, "
        f"nullif(concat_ws(chr(10), _reasons{''.join(large)}), '') as _reasons from ({body}) "
        f"union all select _line, 0, {nulls}, false, _reason from {prefix}_malformed"
    )


def _counts(connection: duckdb.DuckDBPyConnection, prefix: str, mapping: Mapping, raw: RawTable) -> tuple[int, int]:
    """Records of the file, and rows set aside: records without a row, and rows the filters left out."""
    records = "count(distinct _line)" if raw.has_parts else "count(*)"
    row = connection.execute(
        f"select (select {records} from {prefix}_raw), (select count(*) from {prefix}_raw), "
        f"(select count(*) from {prefix}_malformed), (select count(*) from {prefix}_lines)"
    ).fetchall()[0]
    wide = len(mapping.unpivot.columns) if mapping.unpivot else 1
    source_rows = int(row[0]) + raw.set_aside_count + int(row[2])
    return source_rows, int(row[1]) * wide - int(row[3]) + raw.set_aside_count
