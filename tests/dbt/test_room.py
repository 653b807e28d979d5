"""Tables a run makes anew go first, so that the file does not grow; whatever is not selected stays."""

import pytest

from pipeline.defs.modelling import NodeResult, dbt_arguments, home_project, run_dbt
from pipeline.settings import Settings
from pipeline.warehouse import connection

pytestmark = pytest.mark.end_to_end

_PARENT = "int_funnels__observed"
_MODEL = "fct_funnel_steps"


def _built(settings: Settings, *names: str) -> list[NodeResult]:
    flags = ("--select", *names, "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    results = run_dbt(settings, dbt_arguments("build", project=home_project(settings), variables={}, flags=flags))
    return [result for result in results if result.unique_id.startswith("model.")]


def _tables(settings: Settings) -> set[str]:
    with connection(settings.paths.build_file, read_only=True) as build:
        return {str(name) for (name,) in build.execute("select table_name from duckdb_tables()").fetchall()}


def test_a_selected_table_goes_before_it_is_made_and_no_other(settings: Settings, built: list[NodeResult]) -> None:
    before = _tables(settings)
    assert {_PARENT, _MODEL} <= before
    with connection(settings.paths.build_file) as build:
        build.execute(f"drop table intermediate.{_PARENT}")
    assert not any(result.is_good for result in _built(settings, _MODEL)), "what it is made of is not there"
    assert _tables(settings) == before - {_PARENT, _MODEL}
    assert all(result.is_good for result in _built(settings, _PARENT, _MODEL))
    assert _tables(settings) == before
