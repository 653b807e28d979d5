"""The asset graph, asset by asset: a change of it is seen in review.

After a change that was meant, write the text file anew: PARCOURS_WRITE_ASSET_GRAPH=1 python -m pytest tests/defs
"""

import os
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph

from pipeline.analysis.tables import TABLES
from pipeline.contracts import CONTRACTS
from pipeline.defs.landing_assets import FACTS
from pipeline.defs.modelling import ANALYSED
from pipeline.landing import DECLARED_SEEDS
from pipeline.settings import PROJECT_ROOT

SNAPSHOT = Path(__file__).with_name("asset_graph.txt")
LAYERS = ("seeds", "staging", "intermediate", "analysis", "marts", "published")


def _described(graph: BaseAssetGraph) -> str:
    lines = []
    for key in sorted(graph.get_all_asset_keys(), key=lambda each: each.path):
        node = graph.get(key)
        if not node.is_materializable:
            continue
        is_daily = " (daily)" if node.partitions_def is not None else ""
        lines.append(f"{key.to_user_string()}{is_daily}")
        lines += [f"  < {parent.to_user_string()}" for parent in sorted(node.parent_keys, key=lambda each: each.path)]
        lines += [f"  ? {check.name}" for check in sorted(node.check_keys, key=lambda each: each.name)]
    return "\n".join(lines) + "\n"


def test_the_graph_is_the_one_written_down(graph):
    described = _described(graph)
    if os.environ.get("PARCOURS_WRITE_ASSET_GRAPH"):
        SNAPSHOT.write_text(described, encoding="utf-8")
    assert described == SNAPSHOT.read_text(encoding="utf-8"), "see the head of this file"


@pytest.fixture(scope="module")
def nodes(graph):
    return {key.to_user_string(): graph.get(key) for key in graph.materializable_asset_keys}


def test_every_asset_says_what_it_is_whose_it_is_and_where_it_belongs(nodes):
    silent = {
        name
        for name, node in nodes.items()
        if not (node.description and node.owners and node.group_name and node.pools)
    }
    assert silent == set()
    assert {name for name, node in nodes.items() if node.group_name != name.split("/")[0]} == set()
    assert {node.group_name for node in nodes.values()} == {"landing", "releases", *LAYERS}


def test_model_key_and_suite_bear_one_name(nodes):
    files = (PROJECT_ROOT / "dbt_project" / "models").rglob("*.sql")
    models = {f"{path.relative_to(PROJECT_ROOT / 'dbt_project' / 'models').parts[0]}/{path.stem}" for path in files}
    files = (PROJECT_ROOT / "dbt_project" / "seeds").glob("*.csv")
    seeds = {f"seeds/{path.stem}" for path in files if path.name not in DECLARED_SEEDS}
    landed = {f"landing/{table}" for table in [*CONTRACTS, *FACTS]}
    analysed = {f"analysis/{table}" for table in TABLES}
    assert set(nodes) == models | seeds | landed | analysed | {"releases/staged", "releases/current"}
    suites = {path.stem for path in (PROJECT_ROOT / "expectations" / "published").glob("*.json")}
    published = {name.split("/")[1] for name in nodes if name.startswith("published/")}
    assert published | {"data_coverage", "data_coverage_daily", "kpi_restatements"} == suites


def test_only_landing_is_partitioned_and_a_range_is_one_run(nodes):
    partitioned = {name for name, node in nodes.items() if node.partitions_def is not None}
    assert partitioned == {f"landing/{table}" for table in CONTRACTS}
    assert {nodes[name].backfill_policy for name in partitioned} == {dg.BackfillPolicy.single_run()}


def test_one_thing_at_a_time(nodes):
    assert {name for name, node in nodes.items() if node.pools != {"home"}} == set()


def test_the_second_door_stops_what_comes_after_and_the_first_lets_other_tables_go_on(definitions):
    checks = {
        (spec.asset_key.to_user_string(), spec.name): spec.blocking
        for assets in definitions.assets
        if isinstance(assets, dg.AssetsDefinition)
        for spec in assets.check_specs
    }
    assert checks["releases/staged", "door_2"]
    assert {checks[f"landing/{table}", "door_1"] for table in CONTRACTS} == {False}


def test_the_pass_stands_between_intermediate_and_marts(nodes):
    passed = {name: node for name, node in nodes.items() if node.group_name == "analysis"}
    before = {parent.path[0] for node in passed.values() for parent in node.parent_keys}
    after = {child.path[0] for node in passed.values() for child in node.child_keys}
    assert before == {"intermediate"}
    assert after == {"intermediate", "marts", "published"}
    assert {len(node.parent_keys) for node in passed.values()} == {len(ANALYSED)}


def test_releases_wait_for_every_published_table(nodes):
    published = {name for name in nodes if name.startswith("published/")}
    assert {key.to_user_string() for key in nodes["releases/staged"].parent_keys} == published
    assert {key.to_user_string() for key in nodes["releases/current"].parent_keys} == {"releases/staged"}
