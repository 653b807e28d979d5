"""What the columns of a file look like: names and kinds, no value; what drift is told by.

Belongs here: looking at the first rows of a file. Does not belong here: comparing files; landing does that.
"""

from dataclasses import dataclass

import duckdb

from pipeline.extract.errors import shown_name
from pipeline.extract.rawtable import RawTable

_ROWS = 2000
_MOST_COLUMNS = 1000
_YES_NO = "'true', 'false', 't', 'f', 'yes', 'no', 'y', 'n', 'oui', 'non', 'o', 'vrai', 'faux', '0', '1'"


@dataclass(frozen=True)
class ColumnProfile:
    """One column of one file, by its first 2,000 rows.

    Attributes:
        name: as the file names it; hidden where it looks like a value.
        kind: ``number``, ``time``, ``yes or no``, ``text`` or ``empty``.
        filled_count: cells that are not empty.
        filled_share: their share, two decimals.
        mean_length: mean number of characters, one decimal; 0 for an empty column.
    """

    name: str
    kind: str
    filled_count: int
    filled_share: float
    mean_length: float


def profile(connection: duckdb.DuckDBPyConnection, raw: RawTable, prefix: str) -> tuple[ColumnProfile, ...]:
    """The columns of ``<prefix>_raw`` in the order of the file."""
    columns = list(raw.columns.items())[:_MOST_COLUMNS]
    if not columns or raw.has_no_names:
        return ()
    order = "" if raw.stream else "order by _line"  # a stream comes in the order of its lines
    cells = ", ".join(column for _, column in columns)
    # A row per cell: each pattern is compiled once, not once per column, and that is what is dear here.
    rows = connection.execute(
        "select place, count(*), count(cell), "
        f"count(*) filter (where {_number('cell')}), count(*) filter (where {_time('cell')}), "
        f"count(*) filter (where lower(cell) in ({_YES_NO})), sum(length(cell)) from ("
        "select place, nullif(trim(text), '') as cell from ("
        f"select unnest([{cells}]) as text, unnest(range({len(columns)})) as place "
        f"from (from {prefix}_raw {order} limit {_ROWS}))) group by place"
    ).fetchall()
    figures = {int(row[0]): [int(cell or 0) for cell in row[1:]] for row in rows}
    found = []
    for place, (name, _) in enumerate(columns):
        count, filled, numbers, times, answers, length = figures.get(place, [0] * 6)
        kind = _kind(filled, numbers, times, answers)
        share = round(filled / count, 2) if count else 0.0
        found.append(ColumnProfile(shown_name(name), kind, filled, share, round(length / filled, 1) if filled else 0.0))
    return tuple(found)


def _number(column: str) -> str:
    return f"regexp_full_match({column}, '[+-]?[0-9 .,\\x{{A0}}\\x{{202F}}]*[0-9]([eE][+-]?[0-9]+)?')"


def _time(column: str) -> str:
    return f"regexp_full_match({column}, '[0-9]{{1,4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,4}}([T ][0-9:.,+Zz -]*)?')"


def _kind(filled: int, numbers: int, times: int, answers: int) -> str:
    if not filled:
        return "empty"
    if times == filled:
        return "time"
    if numbers == filled:
        return "number"
    return "yes or no" if answers == filled else "text"
