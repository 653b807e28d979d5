"""Where things are, by the environment or by default."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.settings import PROJECT_ROOT, Home, Settings


@pytest.fixture(autouse=True)
def no_variables(monkeypatch, tmp_path):
    for name in ("HOME", "DROP", "SOURCES", "SEEDS", "DBT_THREADS", "MEMORY_GIGABYTES"):
        monkeypatch.delenv(f"PARCOURS_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_a_variable_everything_lies_in_one_folder_here(tmp_path):
    settings = Settings()
    root = (tmp_path / "parcours_home").resolve()
    assert settings.paths == Home(root=root, drop=root / "drop")
    assert settings.sources_file == root / "sources.yaml"
    assert settings.seeds_folder == PROJECT_ROOT / "dbt_project" / "seeds"
    assert not root.exists(), "reading settings writes nothing"


def test_variables_move_home_drop_sources_and_seeds(monkeypatch, tmp_path):
    for name in ("home", "drop", "seeds"):
        monkeypatch.setenv(f"PARCOURS_{name.upper()}", str(tmp_path / f"my {name}"))
    monkeypatch.setenv("PARCOURS_SOURCES", str(tmp_path / "map.yaml"))
    monkeypatch.setenv("PARCOURS_DBT_THREADS", "1")
    settings = Settings()
    assert settings.paths.root == tmp_path / "my home"
    assert settings.paths.drop == tmp_path / "my drop"
    assert settings.seeds_folder == tmp_path / "my seeds"
    assert settings.sources_file == tmp_path / "map.yaml"
    assert settings.dbt_environment()["PARCOURS_DBT_THREADS"] == "1"


def test_own_seeds_count_as_soon_as_they_are_there(tmp_path):
    settings = Settings(home=tmp_path / "home")
    (tmp_path / "home" / "seeds").mkdir(parents=True)
    assert settings.seeds_folder == tmp_path / "home" / "seeds"


def test_a_home_below_the_users_folder_is_found(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings(home=Path("~/parcours")).paths.root == tmp_path / "parcours"


def test_everything_that_is_written_lies_below_the_home(tmp_path):
    paths = Settings(home=tmp_path / "home", drop=tmp_path / "elsewhere").paths
    written = [
        paths.landing, paths.pending, paths.landing_facts, paths.quarantine, paths.build_file, paths.lock_file,
        paths.releases, paths.dagster, paths.dbt_target, paths.dbt_logs, paths.pseudonym_key,
    ]  # fmt: skip
    assert [path for path in written if not path.is_relative_to(tmp_path / "home")] == []


@pytest.mark.parametrize(("name", "value"), [("dbt_threads", "0"), ("dbt_threads", "many"), ("memory_gigabytes", "0")])
def test_a_wrong_number_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"PARCOURS_{name.upper()}", value)
    with pytest.raises(ValidationError, match=name):
        Settings()


@pytest.mark.parametrize(("value", "limit"), [(None, "80%"), ("12", "12GiB")])
def test_models_are_built_within_the_memory_that_is_given(monkeypatch, value, limit):
    if value:
        monkeypatch.setenv("PARCOURS_MEMORY_GIGABYTES", value)
    assert Settings().dbt_environment()["PARCOURS_MEMORY_LIMIT"] == limit


def test_dbt_and_dagster_are_told_where_the_home_is(monkeypatch, tmp_path):
    settings = Settings(home=tmp_path / "home")
    environment: dict[str, str] = {}
    monkeypatch.setattr("pipeline.settings.os.environ", environment)
    settings.export_environment()
    assert environment["DAGSTER_HOME"] == str(tmp_path / "home" / "dagster")
    assert environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert int(environment["DAGSTER_EVENT_BATCH_SIZE"]) > 0
    assert {name for name, value in environment.items() if str(tmp_path / "home") in value} >= {
        "PARCOURS_BUILD_FILE", "PARCOURS_LANDING", "DBT_TARGET_PATH", "DBT_LOG_PATH",
    }  # fmt: skip


def test_a_home_with_a_quotation_mark_is_refused():
    with pytest.raises(ValueError, match="quotation mark"):
        Settings(home=Path("l'accueil"))
