"""One name for model, documentation and suite: whoever adds a table adds all of them."""

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.checks import read_suite
from pipeline.contracts import CONTRACTS
from pipeline.settings import PROJECT_ROOT
from tests.conventions.repository import files, name

MODELS = files(".sql", under="dbt_project/models")
SUITES = PROJECT_ROOT / "expectations"
NOT_JUDGED = {"data_quality"}
"""What door 2 found is written after door 2."""
NO_MODEL = {"data_coverage", "data_coverage_daily", "kpi_restatements"}
"""Written at assembly, because it depends on earlier runs."""


def _suites(door: str) -> set[str]:
    return {path.stem for path in (SUITES / door).glob("*.json")}


def _published() -> set[str]:
    return {path.stem for path in MODELS if path.parent.name == "published"}


def test_every_contract_has_a_suite_and_every_suite_a_contract() -> None:
    assert _suites("landing") == set(CONTRACTS)


def test_every_published_model_has_a_suite_and_every_suite_a_model() -> None:
    assert _published(), "no published model found"
    assert _published() - NOT_JUDGED - _suites("published") == set(), "published, but not judged"
    assert _suites("published") - _published() - NO_MODEL == set(), "judged, but not published"
    assert "data_coverage" in _suites("published")


@pytest.mark.parametrize("suite_file", sorted(SUITES.glob("*/*.json")), ids=name)
def test_every_suite_can_be_read(suite_file: Path) -> None:
    assert read_suite(suite_file)


def _described(model: Path) -> dict[str, Any] | None:
    """The entry of a model in the YAML beside it."""
    for suffix in (".yml", ".yaml"):
        beside = model.with_suffix(suffix)
        if beside.exists():
            content = yaml.safe_load(beside.read_text(encoding="utf-8")) or {}
            return next((entry for entry in content.get("models", []) if entry["name"] == model.stem), None)
    return None


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_every_model_says_its_grain_in_the_file_beside_it(model: Path) -> None:
    entry = _described(model)
    assert entry is not None, f"{name(model)} needs {model.stem}.yml beside it, with an entry for it"
    assert str(entry.get("description", "")).strip().startswith("One row per")


@pytest.mark.parametrize("model", [each for each in MODELS if {"published", "marts"} & set(each.parts)], ids=name)
def test_what_others_read_has_an_enforced_contract(model: Path) -> None:
    settings = yaml.safe_load((PROJECT_ROOT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))
    layer = "published" if "published" in model.parts else "marts"
    of_layer = _contract(settings.get("models", {}).get(settings["name"], {}).get(layer, {}))
    of_model = _contract((_described(model) or {}).get("config", {}))
    assert (of_layer if of_model is None else of_model) is True


def _contract(config: dict[str, Any]) -> bool | None:
    contract = config.get("+contract", config.get("contract"))
    return contract.get("enforced") if isinstance(contract, dict) else None


def test_every_share_of_the_catalogue_is_bounded_in_daily_values() -> None:
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "kpi_catalogue.csv").open(encoding="utf-8") as seed:
        shares = {row["kpi_id"] for row in csv.DictReader(seed) if row["unit"] == "ratio"}
    conditions = [
        each.kwargs.get("row_condition") or {}
        for each in read_suite(SUITES / "published" / "kpi_daily.json")
        if each.frame == "rows"
    ]
    bounded: set[str] = set()
    for condition in conditions:
        value = condition.get("parameter", [])
        bounded |= {value} if isinstance(value, str) else set(value)
    assert shares - bounded == set()


@pytest.mark.parametrize("model", [path for path in MODELS if {"marts", "published"} & set(path.parts)], ids=name)
def test_every_column_others_read_says_what_it_means(model: Path) -> None:
    columns = (_described(model) or {}).get("columns", [])
    assert columns
    assert [column["name"] for column in columns if not str(column.get("description", "")).strip()] == []
