"""The data dictionary of a release: every table with its grain and columns, as one page beside the report.

Belongs here: comments of the release's database as HTML. Does not belong here: any description of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.report.page import environment
from pipeline.warehouse import connection, literal

FILE = "dictionary.html"


@dataclass(frozen=True)
class DictionaryTable:
    """One table: what a row is, and name, type and meaning of each column."""

    name: str
    grain: str
    columns: tuple[tuple[str, str, str], ...]


def write_dictionary(database: Path, out_folder: Path) -> Path:
    """Write the dictionary of a release's database as ``dictionary.html``.

    Args:
        database: ``parcours.duckdb`` of the release, with its comments.
        out_folder: folder of the report.

    Returns:
        The file.
    """
    file = out_folder / FILE
    text = environment().get_template("dictionary.html.j2").render(tables=read_dictionary(database))
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


def read_dictionary(database: Path) -> list[DictionaryTable]:
    """Tables and columns of a release's database with their comments, by name."""
    with connection() as opened:
        opened.execute(f"attach {literal(str(database))} as release (read_only)")
        grains: Mapping[str, str | None] = dict(
            opened.execute("select table_name, comment from duckdb_tables() where database_name = 'release'").fetchall()
        )
        columns: dict[str, list[tuple[str, str, str]]] = {name: [] for name in sorted(grains)}
        for table, column, kind, comment in opened.execute(
            "select table_name, column_name, data_type, comment from duckdb_columns() "
            "where database_name = 'release' order by table_name, column_index"
        ).fetchall():
            if table in columns:
                columns[table].append((column, str(kind).lower(), comment or ""))
    return [DictionaryTable(name, grains[name] or "", tuple(found)) for name, found in columns.items()]
