"""Compiled SQL of a model, or of a text with macros, to be run on tables of a test's own."""

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from pipeline.defs.modelling import dbt_arguments, home_project
from pipeline.settings import Settings


def compiled_inline(settings: Settings, sql: str) -> str:
    """The SQL after its macros, as dbt would run it."""
    arguments = dbt_arguments("compile", project=home_project(settings), variables={}, flags=["--inline", sql])
    settings.export_environment()
    try:
        outcome = dbtRunner().invoke(["--quiet", *arguments])
    finally:
        DuckDBConnectionManager.close_all_connections()
    assert outcome.success, outcome.exception
    return str(outcome.result.results[0].node.compiled_code)


def compiled_model(settings: Settings, name: str) -> str:
    """The SQL of a model as last built; it reads tables of the database ``build``."""
    folder = settings.paths.dbt_target / "compiled" / "parcours" / "models"
    return next(folder.rglob(f"{name}.sql")).read_text(encoding="utf-8")
