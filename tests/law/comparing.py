"""What two build files have in common: every table row by row, every view by its text.

Belongs here: the comparison. Does not belong here: how a build came about.
"""

from pathlib import Path

import duckdb

from pipeline.settings import PROJECT_ROOT
from pipeline.warehouse import connection, identifier, literal

LEFT_OUT = ("landing", "analysis", "changes", "information_schema", "pg_catalog", "main")
"""Schemas that hold no result of a model: views over Parquet, and what a build knows of the builds before it."""
_SHOWN = 3
_SCOPED = "materialized='touched'"
_SCOPES = (
    "int_journey_subjects__touched",
    "int_session_buckets__touched",
    "int_subjects__touched",
    "int_touchpoint_scopes__touched",
)
_ENTRIES = (
    "select schema_name, table_name, 'table' as kind, '' as text from duckdb_tables() where database_name = {name} "
    "union all select schema_name, view_name, 'view', sql from duckdb_views() where database_name = {name}"
)


def differences(one: Path, other: Path, *, names: tuple[str, str] = ("one", "other")) -> list[str]:
    """How two build files differ; nothing if they hold the same.

    Two builds of one home have the same views over the same files, so views that read alike are alike.

    Args:
        one: a build file that nobody has open.
        other: the other.
        names: what they are called in what is said.

    Returns:
        One text per table or view, with some of the rows only one side has.
    """
    with connection() as opened:
        opened.execute(f"attach {literal(str(one))} as {names[0]} (read_only)")
        opened.execute(f"attach {literal(str(other))} as {names[1]} (read_only)")
        here, there = (_entries(opened, name) for name in names)
        found = [f"{'.'.join(name)} is in one build only" for name in sorted(here.keys() ^ there.keys())]
        for name in sorted(here.keys() & there.keys()):
            if here[name] != there[name]:
                found.append(f"{'.'.join(name)} is another {here[name][0]}: {here[name]}, {there[name]}")
            elif here[name][0] == "table" and (said := _compared(opened, name, names)):
                found.append(said)
        return found


def _entries(opened: duckdb.DuckDBPyConnection, database: str) -> dict[tuple[str, str], tuple[str, str]]:
    rows = opened.execute(_ENTRIES.format(name=literal(database))).fetchall()
    looked_at = _looked_at()
    return {
        (schema, name): (kind, text)
        for schema, name, kind, text in rows
        if schema not in LEFT_OUT and name not in looked_at
    }


def _looked_at() -> set[str]:
    """Models that hold what one run looks at: no results, and others in each run."""
    files = (PROJECT_ROOT / "dbt_project" / "models").rglob("*.sql")
    return {file.stem for file in files if file.stem in _SCOPES or _SCOPED in file.read_text(encoding="utf-8")}


def _compared(opened: duckdb.DuckDBPyConnection, name: tuple[str, str], sides: tuple[str, str]) -> str:
    """What is wrong with a table both have, or nothing."""
    relation = ".".join(map(identifier, name))
    described = [opened.execute(f"describe {side}.{relation}").fetchall() for side in sides]
    shapes = [[(row[0], row[1]) for row in rows] for rows in described]
    if shapes[0] != shapes[1]:
        return f"{'.'.join(name)} has other columns: {sorted(set(shapes[0]) ^ set(shapes[1]))}"
    only = {
        side: opened.execute(f"from {side}.{relation} except all from {against}.{relation} order by all").fetchall()
        for side, against in (sides, sides[::-1])
    }
    if not any(only.values()):
        return ""
    columns = [column for column, _ in shapes[0]]
    shown = [
        f"    only in {side} ({len(rows)} rows): {dict(zip(columns, row, strict=True))}"
        for side, rows in only.items()
        for row in rows[:_SHOWN]
    ]
    return "\n".join([f"{'.'.join(name)} differs", *shown])
