"""Profiles of columns: how full they are, how often a filler stands in them, how their values spread.

Belongs here: one SQL query per table, whatever its size, and its answer as values. Does not belong here: comparing
(``history``), limits (``expectations/``). A histogram counts bins and declared values, never what a person typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipeline.warehouse import identifier, literals

_FILLERS = ("", "-", "?", "n/a", "na", "nan", "none", "null", "undefined", "unknown", "test", "xxx")
_LONGEST = max(map(len, _FILLERS))
_FILLER_DAYS = ("1900-01-01", "1970-01-01", "9999-12-31")
_NUMBERS = ("BIGINT", "INTEGER", "HUGEINT", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT", "DECIMAL")
_MOST_BINS = 64


@dataclass(frozen=True)
class ColumnProfile:
    """One column of one table, over one extract day or one release.

    Attributes:
        column_name: the column.
        row_count: rows.
        null_count: of them empty.
        default_count: of them holding a filler: zero, ``n/a``, 1970-01-01 and their like.
        histogram: rows by bin; empty where values are told apart too finely, or could be somebody's.
    """

    column_name: str
    row_count: int
    null_count: int
    default_count: int
    histogram: Mapping[str, int] = field(default_factory=dict, hash=False)


def profile(
    duck: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Sequence[tuple[str, str]],
    *,
    listed: frozenset[str] = frozenset(),
    by: str | None = None,
) -> dict[str, list[ColumnProfile]]:
    """Profile columns of a relation in one query.

    Args:
        duck: any connection.
        relation: a quoted table or a table function.
        columns: (name, SQL type) of the columns.
        listed: text columns whose values come from a closed list and may be counted one by one.
        by: column to profile by, e.g. the extract day; the whole relation is one group without it.

    Returns:
        Profiles by group as text (``""`` without groups), in the order of the columns.
    """
    if not columns:
        return {}
    group = f"cast({identifier(by)} as varchar)" if by else "''"
    parts = [part for name, kind in columns for part in _parts(name, kind, is_listed=name in listed)]
    query = f"select {group} as grouped, count(*), {', '.join(parts)} from {relation} group by 1 order by 1"
    found = {}
    for row in duck.execute(query).fetchall():
        figures = [row[2 + 3 * place : 5 + 3 * place] for place in range(len(columns))]
        found[str(row[0])] = [
            _profile(name, int(row[1]), *each) for (name, _), each in zip(columns, figures, strict=True)
        ]
    return found


def _profile(name: str, row_count: int, filled: int, fillers: int, histogram: Any) -> ColumnProfile:  # noqa: ANN401
    bins = {str(key): int(count) for key, count in (histogram or {}).items()}
    if len(bins) > _MOST_BINS:
        bins = {}
    return ColumnProfile(name, row_count, row_count - int(filled), int(fillers), dict(sorted(bins.items())))


def _parts(name: str, kind: str, *, is_listed: bool) -> tuple[str, str, str]:
    """Filled rows, rows with a filler, and the histogram of one column, as SQL."""
    column = identifier(name)
    fillers, bins = "0", "null"
    if kind.startswith(_NUMBERS):
        fillers = f"count(*) filter (where {column} = 0)"
        # Powers of two on either side of zero: coarse enough to forgive noise, fine enough to see a changed unit.
        size = f"least(40, greatest(-20, floor(log2(greatest(abs(cast({column} as double)), 1e-9)))))"
        bins = f"histogram(case when {column} is null then null when {column} = 0 then 0 "
        bins += f"else sign({column}) * (21 + {size}) end)"
    elif kind.startswith(("TIMESTAMP", "DATE")):
        fillers = f"count(*) filter (where cast({column} as date) in ({_days()}))"
        bins = f"histogram(hour({column}))" if kind.startswith("TIMESTAMP") else "null"
    elif kind == "BOOLEAN":
        bins = f"histogram(cast({column} as varchar))"
    elif kind == "VARCHAR":
        # Most texts are longer than any filler; not with AND, which asks both sides of every row.
        is_filler = f"lower(trim({column})) in ({literals(_FILLERS)})"
        fillers = f"count(*) filter (where case when length(trim({column})) <= {_LONGEST} then {is_filler} end)"
        bins = f"histogram({column})" if is_listed else "null"
    return f"count({column})", fillers, bins


def _days() -> str:
    return ", ".join(f"date '{day}'" for day in _FILLER_DAYS)
