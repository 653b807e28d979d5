"""From the typed lines of a file to rows in all the columns of a contract.

Belongs here: groups, columns without a source, numbers too large for their type. Does not belong here: what a cell
means (``compiling``), rules of the contract.
"""

import duckdb

from pipeline.contracts import ColumnType, Contract
from pipeline.extract.compiling import TOO_LARGE, Value
from pipeline.extract.expressions import Aggregate
from pipeline.extract.mapping import Mapping
from pipeline.warehouse import identifier, literal

_NUMBERS = (ColumnType.INTEGER, ColumnType.AMOUNT, ColumnType.RATE)

Values = dict[str, Value]
"""Contract column to its compiled value."""


def reshape(
    connection: duckdb.DuckDBPyConnection, *, mapping: Mapping, contract: Contract, values: Values, prefix: str
) -> str:
    """SQL relation of the rows of the contract, one per line or group, and of malformed rows with their reason."""
    mapped = dict(mapping.columns)
    selected, typed, large = [], [], []
    for column in contract.columns:
        name, kind = identifier(column.name), column.type.sql
        sql = name if column.name in values else "null"
        if mapping.group_by and column.name in values:
            expression = mapped.get(column.name)
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
    rows = (
        f"select _line, _part, {', '.join(typed)}, _is_time_ambiguous, "
        f"nullif(concat_ws(chr(10), _reasons{''.join(large)}), '') as _reasons from ({body}) "
        f"union all select _line, 0, {nulls}, false, _reason from {prefix}_malformed"
    )
    if mapping.group_by:  # no view of the others: it would be bound when it is made, and in each of its uses
        connection.execute(f"create or replace temp table {prefix}_rows as {rows}")
    return f"{prefix}_rows" if mapping.group_by else f"({rows})"


def stream_rows(contract: Contract, values: Values, *, lines: str) -> str:
    """SQL relation of the rows of a stream, which has no malformed rows: such a file is not streamed to its end."""
    typed, reasons, large = [], [], []
    for column in contract.columns:
        name, kind = identifier(column.name), column.type.sql
        sql = f"try_cast({name} as {kind})" if column.name in values else f"null::{kind}"
        typed.append(f"{sql} as {name}")
        if column.name in values and column.type in _NUMBERS:
            test = f"({name} is not null and {sql} is null)"
            large.append(test)
            reasons.append(f", case when {test} then {literal(f'{column.name}: {TOO_LARGE}')} end")
    marked = " or ".join(["_is_failed", *large])
    return (
        f"(select _line, _part, {', '.join(typed)}, _is_time_ambiguous, "
        f"nullif(concat_ws(chr(10), _reasons{''.join(reasons)}), '') as _reasons, {marked} as _is_marked "
        f"from ({lines}))"
    )
