"""The models on nothing at all, and every dbt unit test."""

import json

import pytest

from pipeline.defs.modelling import NodeResult, dbt_arguments, home_project, run_dbt
from pipeline.settings import Settings
from pipeline.warehouse import connection, identifier

pytestmark = pytest.mark.end_to_end

FROM_SEEDS = {
    "dim_days",
    "funnel_definitions",
    "identity_coverage",
    "int_friction_types__declared",
    "int_funnel_places__numbered",
    "int_funnels__observed",
    "int_kpi_requirements__counted",
    "int_kpi_requirements__judged",
    "int_kpi_slots__dated",
    "int_kpi_windows__dated",
    "int_kpis__judged",
    "int_segment_profiles__described",
}
"""Models with a row per entry of a seed or day of the calendar, whatever was delivered."""
PUT_TOGETHER = {
    "dim_days",
    "int_friction_evidence__unioned",
    "int_kpi_observations__attended",
    "int_kpi_observations__engaged",
    "int_kpi_observations__unioned",
    "int_kpi_periods__unioned",
}
"""Models without a rule of their own: they put together what models under test made."""
OF_RUNS = {
    "int_funnel_entries__touched",
    "int_funnel_subjects__touched",
    "int_journey_subjects__touched",
    "int_subjects__touched",
    "int_touchpoint_scopes__touched",
    "int_web_events__touched",
}
"""What a run looks at depends on the run before: `tests/law` holds it to its rule."""
LAYERS = ("staging", "intermediate", "marts", "published")


def _bad(results: list[NodeResult]) -> dict[str, str]:
    return {result.unique_id: result.message for result in results if not result.is_good}


def test_everything_builds_on_a_home_without_a_single_row(built: list[NodeResult]) -> None:
    assert _bad(built) == {}
    assert sum(result.unique_id.startswith("model.") for result in built) > 30


def test_nothing_comes_from_nothing_and_no_kpi_is_zero(settings: Settings, built: list[NodeResult]) -> None:
    with connection(settings.paths.build_file, read_only=True) as opened:
        tables = opened.execute(
            "select table_schema, table_name from information_schema.tables where table_schema in (?, ?, ?, ?)",
            list(LAYERS),
        ).fetchall()
        counts = {
            name: opened.execute(f"select count(*) from {identifier(schema)}.{identifier(name)}").fetchone()[0]
            for schema, name in tables
        }
        contracts = opened.execute(
            "select is_available, renewal_rate, unavailable_reason from published.segment_contract_retention"
        ).fetchall()
        frictions = opened.execute(
            "select distinct is_available, value_at_stake_amount from published.segment_friction_ranking"
        ).fetchall()
        kpis = opened.execute(
            "select distinct is_available, value, unavailable_reason like 'no accepted extract of %' "
            "from published.kpi_latest"
        ).fetchall()
    assert counts.pop("kpi_latest") > 0
    assert counts.pop("cross_kpi_findings") > 0  # every rule says why it could not be evaluated
    assert frictions == [(False, None)], "every friction says that it could not be seen"
    assert counts.pop("segment_friction_ranking") > 0
    assert counts.pop("int_costs__assessed") == counts.pop("segment_contract_retention") == 1  # what cannot be had
    assert {name for name, count in counts.items() if count} <= FROM_SEEDS
    assert kpis == [(False, None, True)]
    assert contracts == [(False, None, "no accepted extract of contracts")]


def test_every_business_rule_holds(settings: Settings, built: list[NodeResult]) -> None:
    arguments = dbt_arguments(
        "test", project=home_project(settings), variables={}, flags=["--select", "test_type:unit"]
    )
    results = run_dbt(settings, arguments)
    assert _bad(results) == {}
    assert len(results) > 80


def test_every_model_has_a_rule_under_test(settings: Settings, built: list[NodeResult]) -> None:
    manifest = json.loads((settings.paths.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    tested = {test["model"] for test in manifest["unit_tests"].values()}
    models = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    assert models - tested == PUT_TOGETHER | OF_RUNS
