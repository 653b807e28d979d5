"""dbt's models as assets: what a run tells of them."""

from pipeline.defs.model_assets import _row_counts
from pipeline.warehouse import connection


def _node(schema, name, alias=None):
    return {"schema": schema, "name": name, "alias": alias or name}


def test_rows_of_tables_and_of_landed_views_are_counted_and_of_no_other_view(tmp_path):
    made = {
        "model.p.a_table": _node("marts", "a_table"),
        "model.p.renamed": _node("marts", "renamed", alias="its alias"),
        "model.p.empty": _node("marts", "empty"),
        "model.p.landed": _node("staging", "landed"),
        "model.p.a_view": _node("intermediate", "a_view"),
    }
    with connection(tmp_path / "build.duckdb") as build:
        for schema in ("staging", "intermediate", "marts"):
            build.execute(f"create schema {schema}")
        build.execute("create table marts.a_table as from range(3)")
        build.execute('create table marts."its alias" as from range(2)')
        build.execute("create table marts.empty as from range(0)")
        build.execute("create view staging.landed as from range(4)")
        build.execute("create view intermediate.a_view as select error('computed') as found")
        counts = _row_counts(build, made)
        assert {name: count["dagster/row_count"] for name, count in counts.items()} == {
            "model.p.a_table": 3, "model.p.renamed": 2, "model.p.empty": 0, "model.p.landed": 4,
        }  # fmt: skip
        assert _row_counts(build, {"model.p.a_view": made["model.p.a_view"]}) == {}
