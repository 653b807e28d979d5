"""The semantic layer and the catalogue say the same of a KPI."""

import csv

import yaml

from tests.conventions.repository import PROJECT_ROOT

DBT = PROJECT_ROOT / "dbt_project"


def _catalogue() -> dict[str, dict[str, str]]:
    with (DBT / "seeds" / "kpi_catalogue.csv").open(encoding="utf-8", newline="") as lines:
        return {row["kpi_id"]: row for row in csv.DictReader(lines)}


def _metrics() -> dict[str, dict[str, object]]:
    files = sorted((DBT / "models" / "marts" / "kpis").glob("metrics.*.yml"))
    return {metric["name"]: metric for file in files for metric in yaml.safe_load(file.read_text("utf-8"))["metrics"]}


def test_every_additive_kpi_is_a_metric_and_no_other():
    additive = {kpi for kpi, row in _catalogue().items() if row["aggregation"] == "additive"}
    windowed = {name for name in _metrics() if name.endswith(("_28d", "_90d")) and name not in additive}
    assert set(_metrics()) - windowed == additive
    assert {name.rsplit("_", 1)[0] for name in windowed} <= set(_catalogue())


def test_labels_and_definitions_are_those_of_the_catalogue():
    catalogue = _catalogue()
    for name, metric in _metrics().items():
        entry = catalogue.get(name) or catalogue[name.rsplit("_", 1)[0]]
        assert str(metric["label"]).startswith(entry["label_en"]), name
        assert metric["description"] == entry["definition_en"], name


def test_every_metric_looks_at_its_own_kpi_only():
    catalogue = _catalogue()
    for name, metric in _metrics().items():
        kpi = name if name in catalogue else name.rsplit("_", 1)[0]
        text = yaml.safe_dump(metric, width=1000)
        assert text.count("kpi_cell__kpi_id") == text.count(f"= ''{kpi}''") + text.count(f"= '{kpi}'"), name
