"""Seeds that the build file holds as they are now: loaded and tested once, not again in each run.

Belongs here: knowing that nothing changed since, and what a run says of seeds it did not load. Does not belong here:
loading (dbt), what is in a seed.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.defs.modelling import HELD, NodeResult, build_models, home_project, project_fingerprint
from pipeline.publish import text_fingerprint
from pipeline.settings import Settings
from pipeline.warehouse import connection, identifier, literal

_ENGINES = ("dbt-core", "dbt-duckdb", "duckdb")
_WITHOUT_SEEDS = ("--exclude", "resource_type:seed")


def build_with_seeds(
    settings: Settings, variables: Mapping[str, str], flags: Sequence[str], nodes: Mapping[str, Mapping[str, Any]]
) -> list[NodeResult]:
    """Build a part of the project that has the seeds in it; they are left alone if the build file holds them.

    One mark stands for all seeds, their tests and the code: rules of a seed may look at another. It is kept as the
    comment of each seed's table, so that it goes with the table.

    Args:
        settings: the home.
        variables: constants of the company.
        flags: what to build.
        nodes: the manifest's, by unique id.

    Returns:
        One result per node; seeds left alone, and tests of seeds alone, are as good as when they were loaded.

    Raises:
        ModellingError: dbt could not even start, e.g. the project does not compile.
    """
    tables = {str(node["name"]): node for node in nodes.values() if node["resource_type"] == "seed"}
    relations = [f"{identifier(node['schema'])}.{identifier(name)}" for name, node in tables.items()]
    mark = _mark(home_project(settings), variables)
    if "--full-refresh" not in flags and relations and _marks(settings.paths.build_file, tables) == {mark}:
        results = build_models(settings, variables, [*flags, *_WITHOUT_SEEDS])
        return [*_left_alone(nodes), *results]
    results = build_models(settings, variables, flags)
    if all(result.status in ("success", "pass") for result in results):
        with connection(settings.paths.build_file) as build:
            for relation in relations:
                build.execute(f"comment on table {relation} is {literal(mark)}")
    return results


def _mark(project: Path, variables: Mapping[str, str]) -> str:
    engines = [f"{name} {version(name)}" for name in _ENGINES]
    return f"loaded and tested: {text_fingerprint([project_fingerprint(project, variables), *engines])}"


def _marks(build_file: Path, tables: Mapping[str, Mapping[str, Any]]) -> set[str | None]:
    """What is marked on the tables of the seeds, each different mark once; ``None`` where there is no mark or table."""
    if not build_file.exists():
        return {None}
    with connection(build_file, read_only=True) as build:
        found = {
            (schema, table): comment
            for schema, table, comment in build.execute(
                "select schema_name, table_name, comment from duckdb_tables()"
            ).fetchall()
        }
    return {found.get((node["schema"], name)) for name, node in tables.items()}


def _left_alone(nodes: Mapping[str, Mapping[str, Any]]) -> list[NodeResult]:
    """Results of the seeds, and of the tests that look at seeds alone; the rules they are held to are in their own."""
    seeds = [name for name, node in nodes.items() if node["resource_type"] == "seed"]
    tests = [
        name
        for name, node in nodes.items()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") not in HELD
        and node["depends_on"]["nodes"]
        and set(node["depends_on"]["nodes"]) <= set(seeds)
    ]
    message = "as it was loaded before"
    return [
        *(NodeResult(name, "success", message, failures=0, seconds=0.0) for name in seeds),
        *(NodeResult(name, "pass", message, failures=0, seconds=0.0) for name in tests),
    ]
