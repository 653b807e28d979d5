"""Double-encoded cells of a file put right before its mapping looks at them; what came is kept beside.

Belongs here: which cells, and where the originals go. Does not belong here: what is certain (``repair``).
"""

from dataclasses import dataclass, replace

import duckdb

from pipeline.extract.blanks import may_be_padded
from pipeline.extract.mapping import Mapping
from pipeline.extract.rawtable import RawTable
from pipeline.extract.repair import DOUBLED, REPLACEMENT, SUSPECT, repair_all
from pipeline.warehouse import literal

_PAGE = 50_000


@dataclass(frozen=True)
class TextFacts:
    """What was found and done about the texts of a file.

    Attributes:
        repaired_cell_count: cells put right.
        suspect_cell_count: cells that look double-encoded and were left as they came, because nothing is certain.
        lost_cell_count: cells with a replacement character (U+FFFD), written by another program; kept as they came.
        repairs_relation: SQL relation ``_line``, ``_column``, ``_original``, ``_repaired``; ``None`` without repairs.
    """

    repaired_cell_count: int = 0
    suspect_cell_count: int = 0
    lost_cell_count: int = 0
    repairs_relation: str | None = None


def mended_header(raw: RawTable, mapping: Mapping) -> RawTable:
    """The table with double-encoded names of columns put right, where the mapping asks for the right name."""
    suspects = [name for name in raw.columns if SUSPECT.search(name)]
    found = repair_all(suspects) if suspects else {}
    wanted = mapping.used_columns() - set(raw.columns)
    names = {name: found[name] if found.get(name) in wanted else name for name in raw.columns}
    return replace(raw, columns={names[name]: column for name, column in raw.columns.items()}) if found else raw


def mend(connection: duckdb.DuckDBPyConnection, raw: RawTable, mapping: Mapping, prefix: str) -> TextFacts:
    """Make table ``<prefix>_mended``, equal to ``<prefix>_raw`` but for repaired cells; the latter stays as it came.

    Only columns the mapping reads are looked at, only where a cell is not plain ASCII, and texts are brought into
    Python only where two characters stand together as double encoding makes them.

    Returns:
        What was done; the table is made only if ``repaired_cell_count`` is not zero.
    """
    columns = _text_columns(raw, mapping)
    if not columns:
        return TextFacts()
    parts = " union all ".join(
        f"select _line, {literal(name)} as _column, {column} as _original from {prefix}_raw where {_is_suspect(column)}"
        for name, column in columns.items()
    )
    connection.execute(f"create or replace temp table {prefix}_suspects as {parts}")
    found = _repairs(connection, prefix)
    lost = f"contains(_original, {literal(REPLACEMENT)})"
    counted = connection.execute(
        f"select count(*) filter (where {lost}), count(*) filter (where not {lost}) from {prefix}_suspects"
    ).fetchall()[0]
    if not found:
        return TextFacts(0, int(counted[1]), int(counted[0]))
    _replace_cells(connection, columns, prefix)
    done = int(connection.execute(f"select count(*) from {prefix}_repairs").fetchall()[0][0])
    return TextFacts(done, int(counted[1]) - done, int(counted[0]), f"{prefix}_repairs")


def suspicion(raw: RawTable, mapping: Mapping) -> str:
    """SQL truth: some text of a row, as it came, looks double-encoded, or lost characters."""
    return " or ".join(map(_is_suspect, _text_columns(raw, mapping).values())) or "false"


def oddity(raw: RawTable, mapping: Mapping) -> str:
    """SQL truth, never NULL: some text of a row is suspect, or may have blanks around it."""
    used = mapping.used_columns()
    columns = [column for name, column in raw.columns.items() if name in used and column not in raw.native]
    if not columns or not (raw.is_padded or raw.is_suspect):
        return "false"
    narrow = {column: may_be_padded(column, is_ascii=True) if raw.is_padded else "false" for column in columns}
    is_narrow_odd = " or ".join(narrow.values())
    if not raw.is_suspect:
        return f"coalesce({is_narrow_odd}, false)"
    # All texts of a row at once: the pattern is dear to compile. A letter between them makes none of two.
    odd = [_looks_doubled(f"concat_ws('a', {', '.join(columns)})")]
    odd += [
        f"(case when {_is_wide(column)} then {may_be_padded(column, is_ascii=False)} else {test} end)"
        for column, test in narrow.items()
    ]
    is_any_wide = " or ".join(map(_is_wide, columns))
    return f"coalesce(case when {is_any_wide} then {' or '.join(odd)} else {is_narrow_odd} end, false)"


def _text_columns(raw: RawTable, mapping: Mapping) -> dict[str, str]:
    used = mapping.used_columns() if raw.is_suspect else frozenset()
    return {name: column for name, column in raw.columns.items() if name in used and column not in raw.native}


def _is_suspect(column: str) -> str:
    # Not with AND, which tests both sides always.
    return f"(case when {_is_wide(column)} then {_looks_doubled(column)} else false end)"


def _is_wide(column: str) -> str:
    """Length in bytes against length in characters: cheap, and equal for plain ASCII."""
    return f"strlen({column}) > length({column})"


def _looks_doubled(column: str) -> str:
    return f"regexp_matches({column}, {literal(f'{DOUBLED}|{REPLACEMENT}')})"


def _repairs(connection: duckdb.DuckDBPyConnection, prefix: str) -> bool:
    """Make ``<prefix>_fixes`` and ``<prefix>_repairs``; whether there is any."""
    texts = connection.execute(
        f"select distinct _original from {prefix}_suspects where not contains(_original, {literal(REPLACEMENT)})"
    ).fetchall()
    # All texts of a file are weighed together: they prove one another.
    pairs = sorted(repair_all(row[0] for row in texts).items())
    if not pairs:
        return False
    connection.execute(f"create or replace temp table {prefix}_fixes (_original varchar, _repaired varchar)")
    for start in range(0, len(pairs), _PAGE):
        page = pairs[start : start + _PAGE]
        connection.execute(
            f"insert into {prefix}_fixes select unnest($1::varchar[]), unnest($2::varchar[])",
            [[came for came, _ in page], [meant for _, meant in page]],
        )
    connection.execute(
        f"create or replace temp table {prefix}_repairs as select _line, _column, _original, _repaired "
        f"from {prefix}_suspects inner join {prefix}_fixes using (_original)"
    )
    return True


def _replace_cells(connection: duckdb.DuckDBPyConnection, columns: dict[str, str], prefix: str) -> None:
    connection.execute(f"create or replace temp table {prefix}_mended as from {prefix}_raw")
    for name, column in columns.items():
        rows = connection.execute(f"select count(*) from {prefix}_repairs where _column = {literal(name)}").fetchall()[
            0
        ][0]
        if rows:
            connection.execute(
                f"update {prefix}_mended set {column} = fixes._repaired from {prefix}_fixes as fixes "
                f"where {prefix}_mended.{column} = fixes._original"
            )
