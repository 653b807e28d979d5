"""How dbt is called, and the project it is called on."""

import json

import pytest

from pipeline.defs import modelling
from pipeline.defs.modelling import (
    NodeResult,
    build_models,
    dbt_arguments,
    ensure_manifest,
    held_rules,
    home_project,
)
from pipeline.landing import DECLARED_SEEDS
from pipeline.publish import folder_fingerprint
from pipeline.settings import PROJECT_ROOT, Settings

SHIPPED = PROJECT_ROOT / "dbt_project"


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def test_arguments_depend_on_what_is_asked_alone(tmp_path):
    one = dbt_arguments("build", project=tmp_path, variables={"b": "2", "a": "1"}, flags=["--full-refresh"])
    assert one == dbt_arguments("build", project=tmp_path, variables={"a": "1", "b": "2"}, flags=("--full-refresh",))
    assert one[:5] == ["build", "--project-dir", str(tmp_path), "--profiles-dir", str(tmp_path)]
    assert json.loads(one[one.index("--vars") + 1]) == {"a": "1", "b": "2"}
    assert one[-1] == "--full-refresh"


def test_runs_leave_unit_tests_to_the_test_suite(tmp_path):
    build = dbt_arguments("build", project=tmp_path, variables={})
    left_out = [build[number + 1] for number, part in enumerate(build) if part == "--exclude-resource-type"]
    assert left_out == ["unit_test", "exposure"]
    assert "--exclude-resource-type" not in dbt_arguments("parse", project=tmp_path, variables={})


def test_the_project_of_a_home_is_the_one_shipped(settings):
    target = home_project(settings)
    assert target.is_relative_to(settings.paths.root)
    for part in ("models", "macros"):
        assert folder_fingerprint([target / part]) == folder_fingerprint([SHIPPED / part])
    shipped = {path.name: path.read_bytes() for path in (SHIPPED / "seeds").glob("*")}
    laid_out = {path.name: path.read_bytes() for path in (target / "seeds").glob("*")}
    assert shipped.keys() - laid_out.keys() == set(DECLARED_SEEDS), "only what landing hashes stays out of dbt's sight"
    assert laid_out == {name: content for name, content in shipped.items() if name not in DECLARED_SEEDS}
    assert (target / "dbt_project.yml").read_bytes() == (SHIPPED / "dbt_project.yml").read_bytes()


def test_own_seeds_lie_over_the_shipped_ones_which_stay_as_they_are(settings):
    shipped = folder_fingerprint([SHIPPED / "seeds"])
    own = settings.paths.root / "seeds"
    own.mkdir(parents=True)
    (own / "funnels.csv").write_text("funnel_id\nmine\n", encoding="utf-8")
    (own / "notes.txt").write_text("not a seed", encoding="utf-8")
    target = home_project(settings) / "seeds"
    assert (target / "funnels.csv").read_text(encoding="utf-8") == "funnel_id\nmine\n"
    assert (target / "touchpoints.csv").read_bytes() == (SHIPPED / "seeds" / "touchpoints.csv").read_bytes()
    assert not (target / "notes.txt").exists()
    (own / "funnels.csv").unlink()
    home_project(settings)
    assert (target / "funnels.csv").read_bytes() == (SHIPPED / "seeds" / "funnels.csv").read_bytes()
    assert folder_fingerprint([SHIPPED / "seeds"]) == shipped


def test_what_is_no_longer_shipped_is_removed_and_what_did_not_change_is_left_alone(settings):
    target = home_project(settings)
    stale = target / "models" / "old.sql"
    stale.write_text("select 1", encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*.sql") if path != stale}
    home_project(settings)
    assert not stale.exists()
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*.sql")} == before


def test_a_manifest_is_parsed_again_only_if_something_changed(settings, monkeypatch):
    parsed = []

    def parse(settings, arguments):
        parsed.append(arguments)
        settings.paths.dbt_target.mkdir(parents=True, exist_ok=True)
        (settings.paths.dbt_target / "manifest.json").write_text("{}", encoding="utf-8")

    monkeypatch.setattr("pipeline.defs.modelling._invoke", parse)
    ensure_manifest(settings, {"a": "1"})
    ensure_manifest(settings, {"a": "1"})
    assert len(parsed) == 1
    ensure_manifest(settings, {"a": "2"})
    own = settings.paths.root / "seeds"
    own.mkdir(parents=True)
    (own / "more.csv").write_text("a\n1\n", encoding="utf-8")
    ensure_manifest(settings, {"a": "2"})
    assert len(parsed) == 3


def test_a_manifest_that_lies_there_is_not_written_again(settings, monkeypatch):
    parsed = []

    def parse(settings, arguments, manifest=None):
        assert manifest is None or arguments[0] == "--no-write-json"
        if "parse" in arguments:
            parsed.append("--no-write-json" not in arguments)
            settings.paths.dbt_target.mkdir(parents=True, exist_ok=True)
            (settings.paths.dbt_target / "manifest.json").write_text("{}", encoding="utf-8")
        return object()

    monkeypatch.setattr(modelling, "_invoke", parse)
    monkeypatch.setattr(modelling, "_PARSED", {})
    build_models(settings, {"a": "1"}, ())
    ensure_manifest(settings, {"a": "1"})
    assert parsed == [True], "a process parses once, and writes what another will read"
    modelling._PARSED.clear()
    build_models(settings, {"a": "1"}, ())
    assert parsed == [True, False]
    (settings.paths.dbt_target / "manifest.json").unlink()
    modelling._PARSED.clear()
    build_models(settings, {"a": "1"}, ())
    build_models(settings, {"a": "2"}, ())
    assert parsed == [True, False, True, True]


@pytest.mark.parametrize(
    ("status", "is_good"),
    [("success", True), ("pass", True), ("warn", True), ("fail", False), ("error", False), ("skipped", False)],
)
def test_only_what_did_what_it_should_is_good(status, is_good):
    assert NodeResult("model.x", status, "", 0, 0.1).is_good is is_good


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        ("success", "OK", {"is_key_a": 0, "rows_satisfy_a": 0}),
        (
            "error",
            "Compilation Error\n  rows break a rule: is_key_a (3)\n  > in macro",
            {"is_key_a": 3, "rows_satisfy_a": 0},
        ),
        ("error", "rows break a rule: is_key_a (3), rows_satisfy_a (12)", {"is_key_a": 3, "rows_satisfy_a": 12}),
        ("error", "Binder Error: no such column", None),
        ("skipped", "", None),
    ],
)
def test_rules_of_a_model_stand_as_its_build_says(status, message, expected):
    result = NodeResult("model.parcours.a", status, message, failures=0, seconds=0.1)
    assert held_rules(result, ["is_key_a", "rows_satisfy_a"]) == expected
