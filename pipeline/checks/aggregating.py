"""Published tables: each counted in one SQL query, and Great Expectations judges one frame of all counts.

Belongs here: what each expectation on rows counts, as SQL. Does not belong here: verdicts on frames of rows
(``judging``); both ways give the same verdict, and a test holds them together suite by suite.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipeline.checks.identities import with_derived
from pipeline.checks.judging import judge_by
from pipeline.checks.outcomes import CheckOutcome, Severity
from pipeline.checks.published import measures_of
from pipeline.checks.suites import Expectation, Frame, read_suite
from pipeline.warehouse import connection, file_literal, identifier, literal

LARGE_ROW_COUNT = 1_000
"""From so many rows on a table is never handed over as a frame: its suite must be countable."""
_ROW_COUNT = "expect_table_row_count_to_be_between"
_BETWEEN = "expect_column_values_to_be_between"
_COMPARED = {"==": "=", "!=": "is distinct from", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def is_countable(suite_file: Path) -> bool:
    """Whether every expectation of a suite on rows can be counted in SQL.

    Raises:
        SuiteError: the suite cannot be read.
    """
    return all(
        each.type in _CONTRADICTED or each.type in _REPEATED or each.type == _ROW_COUNT for each in _on_rows(suite_file)
    )


def judge_table(table: str, parquet: Path, suite_file: Path) -> list[CheckOutcome]:
    """Judge one published table by counting in SQL; outcomes as `judge` gives them for its frame.

    Args:
        table: name of the published table.
        parquet: its rows.
        suite_file: its suite.

    Raises:
        SuiteError: the suite cannot be read.
        NotImplementedError: an expectation of a type that is not counted in SQL.
    """
    return judge_tables({table: parquet}, {table: suite_file})[table]


def judge_tables(files: Mapping[str, Path], suites: Mapping[str, Path]) -> dict[str, list[CheckOutcome]]:
    """Judge published tables by counting each in one query, and all counts in one call of Great Expectations.

    What Great Expectations costs, it costs per expectation and call, not per row: hence one call for all tables.

    Args:
        files: the rows of each table.
        suites: the suite of each of these tables.

    Returns:
        Outcomes by table, in the order of its suite.

    Raises:
        SuiteError: a suite cannot be read.
        NotImplementedError: an expectation of a type that is not counted in SQL.
    """
    with connection() as duck:
        counted = {table: _count_table(duck, table, file, suites[table]) for table, file in files.items()}
    verdicts = iter(_judged([count for each in counted.values() for count in each.counts.values()], "counts"))
    return {
        table: [
            _outcome(expectation, next(verdicts), each.counts[place], each.row_count)
            if place in each.counts
            else _missing(expectation, each.columns)
            for place, expectation in enumerate(each.expectations)
        ]
        for table, each in counted.items()
    }


@dataclass(frozen=True)
class _CountedTable:
    """Attributes: what is expected of a table, its columns, its rows, and counts by place of the expectation."""

    expectations: Sequence[Expectation]
    columns: frozenset[str]
    row_count: int
    counts: Mapping[int, int]


def _on_rows(suite_file: Path) -> list[Expectation]:
    return [each for each in read_suite(suite_file) if each.frame is Frame.ROWS]


def _count_table(duck: duckdb.DuckDBPyConnection, table: str, parquet: Path, suite_file: Path) -> _CountedTable:
    expectations = _on_rows(suite_file)
    source = f"read_parquet({file_literal(parquet)})"
    columns = frozenset(str(row[0]) for row in duck.execute(f"describe from {source}").fetchall())
    relation = with_derived(table, source, columns, measures_of(table, columns))
    there = frozenset(str(row[0]) for row in duck.execute(f"describe from {relation}").fetchall())
    judged = {place: each for place, each in enumerate(expectations) if set(each.columns) <= there}
    row_count, counts = _counts(duck, relation, list(judged.values()))
    return _CountedTable(expectations, there, row_count, dict(zip(judged, counts, strict=True)))


def _judged(counts: Sequence[int], where: str) -> list[bool]:
    """Great Expectations on the frame of counts, a row per expectation: whether each is zero."""
    if not counts:
        return []
    frame = pd.DataFrame({"place": range(len(counts)), "contradicting_count": [float(count) for count in counts]})
    zero = {"column": "contradicting_count", "min_value": 0, "max_value": 0}
    none = Expectation(_BETWEEN, Severity.CRITICAL, "No row contradicts what is expected", zero)
    (outcome,) = judge_by(frame, [none], where, index_column="place")
    failing = frozenset(outcome.failing_index)
    return [place not in failing for place in range(len(counts))]


def _counts(
    duck: duckdb.DuckDBPyConnection, relation: str, expectations: Sequence[Expectation]
) -> tuple[int, list[int]]:
    """Rows, and what each expectation counts, in one query."""
    parts = [_count_sql(each, relation) for each in expectations]
    row = duck.execute(f"select {', '.join(['count(*)', *parts])} from {relation}").fetchall()[0]
    return int(row[0]), [int(count) for count in row[1:]]


def _outcome(expectation: Expectation, is_met: bool, count: int, row_count: int) -> CheckOutcome:  # noqa: FBT001
    is_whole = expectation.type == _ROW_COUNT
    return CheckOutcome(
        expectation=expectation.type,
        column_name=expectation.column_name,
        severity=expectation.severity,
        is_met=is_met,
        observed_value=str(row_count) if is_whole else f"{count} of {row_count} rows fail",
        why=expectation.why,
    )


def _missing(expectation: Expectation, there: frozenset[str]) -> CheckOutcome:
    absent = ", ".join(name for name in expectation.columns if name not in there)
    return CheckOutcome(
        expectation=expectation.type,
        column_name=expectation.column_name,
        severity=expectation.severity,
        is_met=False,
        observed_value=f"no such column: {absent}",
        why=expectation.why,
    )


def _count_sql(expectation: Expectation, relation: str) -> str:
    """What an expectation counts: rows that contradict it, or all rows."""
    kwargs = expectation.kwargs
    condition = _condition(kwargs.get("row_condition"))
    if expectation.type == _ROW_COUNT:
        return f"case when {_outside('count(*)', kwargs)} then 1 else 0 end"
    if expectation.type in _REPEATED:
        listed = kwargs["column_list"] if "column_list" in kwargs else [kwargs["column"]]
        keys = ", ".join(map(identifier, listed))
        filled = "" if "column_list" in kwargs else f" and {identifier(kwargs['column'])} is not null"
        groups = f"select count(*) as times from {relation} where {condition}{filled} group by {keys}"
        return f"(select coalesce(sum(times), 0) from ({groups}) where times > 1)"
    if expectation.type not in _CONTRADICTED:
        raise NotImplementedError(
            f"{expectation.type} is not counted in SQL; say how in {__name__}, or keep the table below "
            f"{LARGE_ROW_COUNT} rows"
        )
    return f"count(*) filter (where ({condition}) and {_CONTRADICTED[expectation.type](kwargs)})"


def _outside(value: str, kwargs: dict[str, Any]) -> str:
    bounds = [f"{value} < {float(kwargs['min_value'])!r}"] if kwargs.get("min_value") is not None else []
    bounds += [f"{value} > {float(kwargs['max_value'])!r}"] if kwargs.get("max_value") is not None else []
    return f"({' or '.join(bounds) or 'false'})"


def _in_set(kwargs: dict[str, Any]) -> str:
    column = identifier(kwargs["column"])
    return f"{column} is not null and {column} not in ({', '.join(map(_value, kwargs['value_set']))})"


def _greater(kwargs: dict[str, Any]) -> str:
    sign = "<" if kwargs.get("or_equal") else "<="
    return f"{identifier(kwargs['column_A'])} {sign} {identifier(kwargs['column_B'])}"


_REPEATED = {"expect_compound_columns_to_be_unique", "expect_column_values_to_be_unique"}
_CONTRADICTED: dict[str, Callable[[dict[str, Any]], str]] = {
    _BETWEEN: lambda kwargs: _outside(identifier(kwargs["column"]), kwargs),
    "expect_column_values_to_be_in_set": _in_set,
    "expect_column_values_to_not_be_null": lambda kwargs: f"{identifier(kwargs['column'])} is null",
    "expect_column_values_to_be_null": lambda kwargs: f"{identifier(kwargs['column'])} is not null",
    "expect_column_pair_values_a_to_be_greater_than_b": _greater,
    "expect_column_values_to_not_match_regex": lambda kwargs: (
        f"regexp_matches({identifier(kwargs['column'])}, {literal(kwargs['regex'])})"
    ),
}


def _condition(condition: dict[str, Any] | None) -> str:
    """A row condition of Great Expectations as SQL; nothing is equal to an empty cell, everything differs from it."""
    if condition is None:
        return "true"
    if condition["type"] == "and":
        return " and ".join(f"({_condition(part)})" for part in condition["conditions"])
    column = identifier(condition["column"]["name"])
    if condition["type"] == "nullity":
        return f"{column} is {'' if condition['is_null'] else 'not '}null"
    operator, parameter = condition["operator"], condition["parameter"]
    if operator == "IN":
        return f"coalesce({column} in ({', '.join(map(_value, parameter))}), false)"
    return f"coalesce({column} {_COMPARED[operator]} {_value(parameter)}, false)"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return literal(value) if isinstance(value, str) else repr(value)
