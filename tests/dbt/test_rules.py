"""A model or seed is held to its rules in the hook that ends its build: what breaks one stops the run, and stays."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.defs import modelling
from pipeline.landing import write_contract_files, write_facts
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.warehouse import connection
from tests.dbt.conftest import AS_OF

pytestmark = pytest.mark.end_to_end

RULES = (
    "is_key_funnel_step_definitions_funnel_id__step",
    "is_key_funnel_step_definitions_step_id",
    "rows_satisfy_funnel_step_definitions_step_window_days_is_null_or_step_window_days_0",
)


@pytest.fixture
def careless(tmp_path: Path) -> Iterator[Settings]:
    """A home whose funnels have the first step twice, and its window below zero."""
    before = dict(os.environ)
    seeds = tmp_path / "seeds"
    shutil.copytree(PROJECT_ROOT / "dbt_project" / "seeds", seeds)
    file = seeds / "funnel_step_definitions.csv"
    head, first, *others = file.read_text(encoding="utf-8").splitlines()
    at = head.split(",").index("step_window_days")
    twin = [value if number != at else "-1" for number, value in enumerate(first.split(","))]
    file.write_text("\n".join([head, first, ",".join(twin), *others]) + "\n", encoding="utf-8")
    made = Settings(home=tmp_path / "home", seeds=seeds)
    write_contract_files(made.paths)
    write_facts(made.paths, AS_OF, "Europe/Paris", reporting_currency="EUR")
    yield made
    os.environ.clear()
    os.environ.update(before)


def test_broken_rules_are_told_with_their_rows_and_nothing_stands_on_them(careless: Settings) -> None:
    flags = ("--select", "funnel_step_definitions", "funnel_definitions", "--exclude", *modelling.OWN_NODES)
    results = {result.unique_id.split(".")[-1]: result for result in modelling.build_models(careless, {}, flags)}
    seed = results["funnel_step_definitions"]
    assert modelling.held_rules(seed, RULES) == dict(zip(RULES, (1, 1, 1), strict=True)), seed.message
    assert results["funnel_definitions"].status == "skipped"
    with connection(careless.paths.build_file, read_only=True) as build:
        assert build.execute(
            "select count(*) from seeds.funnel_step_definitions where step_window_days < 0"
        ).fetchone() == (1,)
