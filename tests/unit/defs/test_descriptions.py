"""Comments of a release: every table and column says what it is, to any DuckDB client."""

import json
from pathlib import Path

import duckdb

from pipeline.alerts.published import COLUMNS as ALERT_COLUMNS
from pipeline.defs.descriptions import run_tables, table_comments
from pipeline.publish import StagedRelease, write_database
from pipeline.publish.assembly import RUN_DEPENDENT_TABLES


def _manifest(folder: Path) -> Path:
    column = {"value": {"description": "Value in its unit"}}
    model = {"resource_type": "model", "name": "kpis", "description": "One row per KPI", "columns": column}
    hidden = {**model, "name": "int_kpis", "schema": "intermediate"}
    file = folder / "manifest.json"
    file.write_text(json.dumps({"nodes": {"a": {**model, "schema": "published"}, "b": hidden}}), encoding="utf-8")
    return file


def test_models_and_tables_of_a_run_are_described(tmp_path: Path) -> None:
    comments = table_comments(_manifest(tmp_path))
    assert comments["kpis"] == {"": "One row per KPI", "value": "Value in its unit"}
    assert "int_kpis" not in comments
    assert set(comments) == {"kpis", *RUN_DEPENDENT_TABLES}
    assert [name for name, found in comments.items() if not all(found.values())] == []
    assert set(comments["alerts"]) == {"", *ALERT_COLUMNS}
    assert all(table.description.startswith("One row per ") for table in run_tables().values())


def test_any_client_sees_them_in_the_database(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in ALERT_COLUMNS.items())
    duckdb.sql(f"select {columns}").write_parquet(str(tmp_path / "tables" / "alerts.parquet"))
    write_database(StagedRelease(tmp_path, {}), table_comments(_manifest(tmp_path)))
    with duckdb.connect(str(tmp_path / "parcours.duckdb"), read_only=True) as client:
        described = client.sql("select column_name, comment from duckdb_columns() where not internal").fetchall()
        about = client.sql("select comment from duckdb_tables()").fetchall()
    assert dict(described) == {name: meaning for name, (_, meaning) in run_tables()["alerts"].columns.items()}
    assert about == [(run_tables()["alerts"].description,)]
