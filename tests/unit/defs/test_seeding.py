"""Seeds that did not change are loaded once; whatever changed, all of them are loaded again."""

import pytest

from pipeline.defs import seeding
from pipeline.defs.modelling import NodeResult
from pipeline.defs.seeding import build_with_seeds
from pipeline.settings import Settings
from pipeline.warehouse import connection

NODES = {
    "seed.parcours.funnels": {"resource_type": "seed", "schema": "seeds", "name": "funnels"},
    "seed.parcours.touchpoints": {"resource_type": "seed", "schema": "seeds", "name": "touchpoints"},
    "model.parcours.made": {"resource_type": "model", "schema": "marts", "name": "made"},
    "test.parcours.key": {
        "resource_type": "test",
        "test_metadata": {"name": "is_key"},
        "depends_on": {"nodes": ["seed.parcours.funnels"]},
    },
    "test.parcours.known": {
        "resource_type": "test",
        "test_metadata": {"name": "relationships"},
        "depends_on": {"nodes": ["seed.parcours.funnels", "seed.parcours.touchpoints"]},
    },
    "test.parcours.of_both": {
        "resource_type": "test",
        "depends_on": {"nodes": ["seed.parcours.funnels", "model.parcours.made"]},
    },
}


class Builds:
    """Stands for dbt: loads both seeds unless told not to, and keeps the flags of each call."""

    def __init__(self, settings):
        self.settings = settings
        self.calls = []
        self.status = "success"

    def __call__(self, settings, variables, flags):  # noqa: ARG002 - the signature of a build
        self.calls.append(list(flags))
        results = [NodeResult("model.parcours.made", self.status, "", 0, 0.1)]
        if not self.left_seeds_alone:
            results += [NodeResult(name, "success", "", 0, 0.1) for name in NODES if name.startswith("seed.")]
            with connection(self.settings.paths.build_file) as build:
                build.execute("create schema if not exists seeds")
                for table in ("funnels", "touchpoints"):
                    build.execute(f"create or replace table seeds.{table} (a integer)")
        return results

    @property
    def left_seeds_alone(self):
        return self.calls[-1][-2:] == ["--exclude", "resource_type:seed"]


@pytest.fixture
def settings(tmp_path):
    own = tmp_path / "home" / "seeds"
    own.mkdir(parents=True)
    (own / "funnels.csv").write_text("a\n1\n", encoding="utf-8")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def builds(settings, monkeypatch):
    made = Builds(settings)
    monkeypatch.setattr(seeding, "build_models", made)
    return made


def build(settings, variables=None, flags=("--select", "all")):
    return build_with_seeds(settings, variables or {"a": "1"}, flags, NODES)


def test_seeds_are_loaded_once_and_told_of_in_each_run(settings, builds):
    first = build(settings)
    assert not builds.left_seeds_alone
    second = build(settings)
    assert builds.left_seeds_alone
    assert {result.unique_id for result in first} <= {result.unique_id for result in second}
    told = {result.unique_id: result.status for result in second}
    assert told.pop("model.parcours.made") == "success"
    assert told == {
        "seed.parcours.funnels": "success",
        "seed.parcours.touchpoints": "success",
        "test.parcours.known": "pass",
    }, "rules are told of with their seed, and a test that looks at a model runs"


def test_one_result_per_node(settings, builds):
    build(settings)
    told = [result.unique_id for result in build(settings)]
    assert builds.left_seeds_alone
    assert len(told) == len(set(told))


def test_an_edited_seed_has_all_loaded_again(settings, builds):
    build(settings)
    (settings.seeds_folder / "funnels.csv").write_text("a\n2\n", encoding="utf-8")
    build(settings)
    assert not builds.left_seeds_alone


def test_a_seed_with_one_column_more_has_all_loaded_again(settings, builds):
    build(settings)
    (settings.seeds_folder / "funnels.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    build(settings)
    assert not builds.left_seeds_alone


def test_other_constants_have_all_loaded_again(settings, builds):
    build(settings)
    build(settings, {"a": "2"})
    assert not builds.left_seeds_alone


def test_a_build_file_that_is_gone_has_all_loaded_again(settings, builds):
    build(settings)
    settings.paths.build_file.unlink()
    build(settings)
    assert not builds.left_seeds_alone


@pytest.mark.parametrize(
    "change", ["create or replace table seeds.funnels (a integer)", "drop table seeds.touchpoints"]
)
def test_a_table_made_anew_or_gone_has_all_loaded_again(settings, builds, change):
    build(settings)
    with connection(settings.paths.build_file) as opened:
        opened.execute(change)
    build(settings)
    assert not builds.left_seeds_alone


def test_all_are_loaded_again_after_anything_failed(settings, builds):
    builds.status = "error"
    build(settings)
    build(settings)
    assert not builds.left_seeds_alone


def test_a_full_refresh_loads_them(settings, builds):
    build(settings)
    build(settings, flags=("--full-refresh",))
    assert not builds.left_seeds_alone


def test_another_engine_has_all_loaded_again(settings, builds, monkeypatch):
    build(settings)
    monkeypatch.setattr(seeding, "version", lambda name: f"{name} of tomorrow")
    build(settings)
    assert not builds.left_seeds_alone
