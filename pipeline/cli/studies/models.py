"""The product's models on a database in memory: compiled once by dbt, then run as often as a study wants.

Belongs here: compiling, the order of models, seeds, empty landing tables. Does not belong here: any model by name.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import CONTRACTS, DOOR_COLUMNS
from pipeline.defs.modelling import ModellingError, dbt_arguments, home_project, run_dbt
from pipeline.landing.chronology import end_of_day
from pipeline.landing.judge import empty_table_sql
from pipeline.settings import Settings
from pipeline.warehouse import connection, file_literal, identifier, literal

_TIME_ZONE = "Europe/Paris"
_CURRENCY = "EUR"


@dataclass(frozen=True)
class Model:
    """One compiled model.

    Attributes:
        relation: its full name, quoted, e.g. ``"build"."marts"."fct_kpi_windows"``.
        name: its name alone.
        sql: the query it holds.
        is_view: whether it is a view; else a table.
    """

    relation: str
    name: str
    sql: str
    is_view: bool


@dataclass(frozen=True)
class Project:
    """The compiled part of the project a study needs.

    Attributes:
        database: name of the database the compiled SQL speaks of.
        models: in the order in which they can be built.
        seeds: the SELECT of every seed, by relation.
        empty: the SELECT without a row of every table whose columns dbt declares, by relation: those of the analysis
            pass, and what a home declares about identities.
    """

    database: str
    models: tuple[Model, ...]
    seeds: dict[str, str]
    empty: dict[str, str]


def compile_models(settings: Settings, wanted: Sequence[str], *, given: Sequence[str] = ()) -> Project:
    """Compile models and what they stand on, down to the landing tables or to models the study gives itself.

    Args:
        settings: a scratch home; dbt writes its compiled SQL there.
        wanted: models the study reads.
        given: models the study fills with facts of its own; what only they need is not built.

    Raises:
        ModellingError: dbt does not compile the project.
    """
    project = home_project(settings)
    flags = ["--log-level", "none", "--select", *(f"+{name}" for name in wanted)]
    run_dbt(settings, dbt_arguments("compile", project=project, variables={}, flags=flags))
    manifest = json.loads((settings.paths.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    nodes = {node["unique_id"]: node for node in manifest["nodes"].values()}
    models: dict[str, Model] = {}
    for name in wanted:
        _collect(nodes, f"model.parcours.{name}", set(given), models)
    seeds = {
        node["relation_name"]: _seed_sql(project / node["original_file_path"], node["config"]["column_types"])
        for node in nodes.values()
        if node["resource_type"] == "seed"
    }
    empty = {
        source["relation_name"]: _empty_sql(source["columns"].values())
        for source in manifest["sources"].values()
        if source["columns"]
    }
    return Project(settings.paths.build_file.stem, tuple(models.values()), seeds, empty)


def _collect(nodes: Mapping[str, Any], unique_id: str, given: set[str], found: dict[str, Model]) -> None:
    """Put a model behind all it stands on."""
    node = nodes.get(unique_id)
    if node is None or node["resource_type"] != "model" or unique_id in found or node["name"] in given:
        return
    for parent in node["depends_on"]["nodes"]:
        _collect(nodes, parent, given, found)
    if not node.get("compiled_code"):
        raise ModellingError(f"dbt left no compiled SQL of {node['name']}")
    is_view = node["config"]["materialized"] == "view"
    found[unique_id] = Model(node["relation_name"], node["name"], node["compiled_code"], is_view)


def _empty_sql(columns: Iterable[Mapping[str, str]]) -> str:
    """What dbt makes of a table of the analysis pass before there was one."""
    typed = (f"cast(null as {column['data_type']}) as {identifier(column['name'])}" for column in columns)
    return f"select {', '.join(typed)} where false"


def _seed_sql(path: Path, column_types: Mapping[str, str]) -> str:
    types = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in column_types.items())
    typed = f", types = {{{types}}}" if types else ""
    return f"select * from read_csv({file_literal(path)}, header = true, delim = ',', quote = '\"'{typed})"


@contextmanager
def laboratory(project: Project, *, as_of: date, threads: int = 2) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with seeds, typed landing tables without a row, and facts about landing.

    Args:
        project: from ``compile_models``.
        as_of: the day the models are run for; every table counts as delivered up to then.
        threads: DuckDB threads.
    """
    with connection(threads=threads) as opened:
        opened.execute(f"attach ':memory:' as {project.database}")
        opened.execute(f"use {project.database}")
        for schema in ("landing", "seeds", "staging", "intermediate", "marts", "published", "analysis"):
            opened.execute(f"create schema {schema}")
        for relation, query in (project.seeds | project.empty).items():
            opened.execute(f"create table {relation} as {query}")
        for contract in CONTRACTS.values():
            query = empty_table_sql(contract, DOOR_COLUMNS)
            opened.execute(f"create table landing.{contract.table} as {query}")
        _write_facts(opened, as_of)
        yield opened


def build_models(opened: duckdb.DuckDBPyConnection, project: Project) -> None:
    """Build every model anew from what the landing tables and given models hold now."""
    for model in project.models:
        kind = "view" if model.is_view else "table"
        opened.execute(f"create or replace {kind} {model.relation} as {model.sql}")


def _write_facts(opened: duckdb.DuckDBPyConnection, as_of: date) -> None:
    opened.execute(
        "create table landing.run_parameters as select ?::date as as_of_date, ?::timestamp as as_of_at, "
        "?::varchar as business_time_zone, ?::varchar as reporting_currency",
        [as_of, end_of_day(as_of, _TIME_ZONE), _TIME_ZONE, _CURRENCY],
    )
    opened.execute(
        "create table landing.table_availability as select unnest(?::varchar[]) as table_name, true as is_available, "
        "?::date as last_extract_date",
        [list(CONTRACTS), as_of],
    )
