"""Every dbt model and seed as an asset, every dbt test as a check, run by in-process dbt calls.

Belongs here: the Dagster side of dbt. Does not belong here: models.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from pipeline.contracts import CONTRACTS
from pipeline.defs import modelling
from pipeline.defs.resources import OWNERS
from pipeline.defs.seeding import build_with_seeds
from pipeline.defs.session import Session
from pipeline.warehouse import connection, identifier, literal


class LayerTranslator(DagsterDbtTranslator):  # type: ignore[misc]
    """Layer = schema = group = first part of the asset key."""

    def __init__(self) -> None:
        super().__init__(settings=DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`marts/dim_customers` for model `dim_customers` of schema `marts`; sources and seeds alike."""
        layer = dbt_resource_props.get("source_name") or dbt_resource_props["schema"]
        return dg.AssetKey([layer, dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer."""
        return str(dbt_resource_props.get("source_name") or dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str] | None:  # noqa: ARG002
        """The team woken when a model fails."""
        return OWNERS

    def get_partition_mapping(
        self,
        dbt_resource_props: Mapping[str, Any],  # noqa: ARG002
        dbt_parent_resource_props: Mapping[str, Any],
    ) -> dg.PartitionMapping | None:
        """What was landed last stands for a table's days: to list all of them, back to the first, costs seconds."""
        table = dbt_parent_resource_props["name"]
        is_by_day = dbt_parent_resource_props.get("source_name") == "landing" and table in CONTRACTS
        return dg.LastPartitionMapping() if is_by_day else None

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The grain sentence of the model, without its SQL."""
        return str(dbt_resource_props.get("description") or f"Seed {dbt_resource_props['name']}")


def model_assets(manifest: Path) -> list[dg.AssetsDefinition]:
    """The dbt project as assets: what the analysis pass reads, then what reads the pass.

    Args:
        manifest: path of the parsed manifest.
    """
    content = json.loads(manifest.read_text(encoding="utf-8"))  # some megabytes, read once for both
    return [
        _dbt_call(
            content,
            "dbt_foundations",
            selection={"select": modelling.FOUNDATIONS},
            flags=modelling.BEFORE_ANALYSIS,
            has_seeds=True,
        ),
        _dbt_call(
            content,
            "dbt_models",
            selection={"exclude": modelling.FOUNDATIONS},
            flags=modelling.AFTER_ANALYSIS,
            has_seeds=False,
        ),
    ]


def _dbt_call(
    manifest: Mapping[str, Any], name: str, *, selection: Mapping[str, str], flags: Sequence[str], has_seeds: bool
) -> dg.AssetsDefinition:
    """The assets of one dbt call."""
    translator = LayerTranslator()
    nodes: dict[str, dict[str, Any]] = manifest["nodes"]
    exclude = " ".join(["resource_type:unit_test", selection.get("exclude", "")]).strip()

    @dbt_assets(
        manifest=manifest,
        name=name,
        select=selection.get("select", "fqn:*"),
        exclude=exclude,
        dagster_dbt_translator=translator,
        required_resource_keys={"home"},
        pool="home",
    )
    def dbt_models(context: dg.AssetExecutionContext) -> Iterator[Any]:
        session: Session = context.resources.home
        if has_seeds:
            results = build_with_seeds(session.settings, session.dbt_variables, flags, nodes)
        else:
            results = modelling.build_models(session.settings, session.dbt_variables, flags)
        yield from _events(results, nodes, translator, session)
        if bad := [result for result in results if not result.is_good and result.status != "skipped"]:
            lines = "\n".join(f"  - {result.unique_id}: {result.message.strip()}" for result in bad)
            raise dg.Failure(description=f"dbt stopped; nothing was published:\n{lines}", allow_retries=False)

    return dbt_models


def _events(
    results: Sequence[modelling.NodeResult],
    nodes: Mapping[str, Mapping[str, Any]],
    translator: LayerTranslator,
    session: Session,
) -> Iterator[Any]:
    built = [result for result in results if result.unique_id in nodes and result.status != "skipped"]
    made = {
        result.unique_id: nodes[result.unique_id]
        for result in built
        if result.is_good and nodes[result.unique_id]["resource_type"] in ("model", "seed")
    }
    with connection(session.settings.paths.build_file, read_only=True) as build:
        counts = _row_counts(build, made)
    for result in (result for result in built if result.unique_id in made):
        yield dg.MaterializeResult(
            asset_key=translator.get_asset_key(made[result.unique_id]),
            metadata=counts.get(result.unique_id, {}) | {"seconds": result.seconds},
        )
    rules = _rules(nodes)
    for result in built:
        node = nodes[result.unique_id]
        if node["resource_type"] == "test" and (attached := nodes.get(_attached(node))) is not None:
            yield _check(translator, attached, node["name"], result.failures, is_good=result.status == "pass")
        for name, broken in (modelling.held_rules(result, rules.get(result.unique_id, ())) or {}).items():
            yield _check(translator, node, name, broken, is_good=broken == 0)


def _row_counts(build: duckdb.DuckDBPyConnection, made: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Rows of tables, and of views of landed rows, by unique id; to count another view is to compute it once more."""
    tables = set(build.execute("select schema_name, table_name from duckdb_tables()").fetchall())
    names = {unique_id: (node["schema"], node.get("alias") or node["name"]) for unique_id, node in made.items()}
    counted = {
        unique_id: f"select {literal(unique_id)}, count(*) from {identifier(schema)}.{identifier(name)}"
        for unique_id, (schema, name) in names.items()
        if schema == "staging" or (schema, name) in tables
    }
    found = build.execute(" union all ".join(counted.values())).fetchall() if counted else []
    return {unique_id: {"dagster/row_count": int(rows)} for unique_id, rows in found}


def _check(
    translator: LayerTranslator, node: Mapping[str, Any], name: str, failing_rows: int, *, is_good: bool
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=translator.get_asset_key(node),
        check_name=name,
        passed=is_good,
        metadata={"failing_rows": failing_rows},
    )


def _rules(nodes: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Per model or seed, the names of the tests it is held to as soon as it is built."""
    rules: dict[str, list[str]] = {}
    for node in nodes.values():
        if (node.get("test_metadata") or {}).get("name") in modelling.HELD:
            rules.setdefault(_attached(node), []).append(str(node["name"]))
    return rules


def _attached(test: Mapping[str, Any]) -> str:
    """The node a test is a check of: the one it is declared on, or for a test in a file the only one it reads."""
    parents = test["depends_on"]["nodes"]
    return str(test.get("attached_node") or (parents[0] if len(parents) == 1 else ""))
