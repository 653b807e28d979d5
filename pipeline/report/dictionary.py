"""The data dictionary of a release: tables with grain and columns, KPIs with formula, as one page beside the report.

Belongs here: comments of the release's database and the KPI catalogue as HTML. Does not belong here: any description of
its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.report.catalogue import kpi_facts
from pipeline.report.page import environment
from pipeline.warehouse import connection, literal

FILE = "dictionary.html"


@dataclass(frozen=True)
class DictionaryTable:
    """One table: what a row is, and name, type and meaning of each column."""

    name: str
    grain: str
    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class DictionaryKpi:
    """One KPI: its id, its names, and what it is, a text by title."""

    kpi_id: str
    label_en: str
    label_fr: str
    facts: Mapping[str, str]


def write_dictionary(database: Path, build_file: Path, out_folder: Path) -> Path:
    """Write the dictionary of a release as ``dictionary.html``.

    Args:
        database: ``parcours.duckdb`` of the release, with its comments.
        build_file: the DuckDB file dbt built, with the KPI catalogue the release was made with.
        out_folder: folder of the report.

    Returns:
        The file.
    """
    file = out_folder / FILE
    template = environment().get_template("dictionary.html.j2")
    text = template.render(tables=read_dictionary(database), kpis=read_kpis(build_file))
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


def read_kpis(build_file: Path) -> list[DictionaryKpi]:
    """KPIs of the catalogue a release was made with, by group and id."""
    with connection(build_file, read_only=True) as build:
        answer = build.execute("select * from seeds.kpi_catalogue order by kpi_group, kpi_id")
        names = [column[0] for column in answer.description or ()]
        rows: Sequence[Mapping[str, Any]] = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    return [DictionaryKpi(row["kpi_id"], row["label_en"], row["label_fr"], kpi_facts(row)) for row in rows]
