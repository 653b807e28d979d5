"""The semantic layer: MetricFlow accepts it, and gives the numbers that are published."""

import csv
import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.end_to_end.laboratory import SERVED_DAY, Laboratory

pytestmark = pytest.mark.end_to_end

COMMAND = Path(sys.executable).with_name("mf")


@pytest.fixture(scope="module")
def semantics(origin: Laboratory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the home, parsed, in a folder of its own."""
    folder = tmp_path_factory.mktemp("semantics") / "project"
    shutil.copytree(origin.settings.paths.root / "dbt" / "project", folder)
    subprocess.run(
        [COMMAND.with_name("dbt"), "parse"],
        cwd=folder,
        env=_environment(origin, folder),
        check=True,
        capture_output=True,
    )
    return folder


def _environment(lab: Laboratory, folder: Path) -> dict[str, str]:
    paths = lab.settings.paths
    return {
        **os.environ,
        "PARCOURS_BUILD_FILE": str(paths.build_file),
        "PARCOURS_LANDING": str(paths.landing),
        "PARCOURS_ANALYSIS": str(paths.analysis),
        "DBT_PROFILES_DIR": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }


def _asked(lab: Laboratory, folder: Path, *arguments: str) -> list[dict[str, str]]:
    answer = folder / "answer.csv"
    result = subprocess.run(
        [COMMAND, "query", *arguments, "--csv", answer],
        cwd=folder,
        env=_environment(lab, folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    with answer.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _additive_kpis(folder: Path) -> list[str]:
    with (folder / "seeds" / "kpi_catalogue.csv").open(encoding="utf-8", newline="") as lines:
        return [row["kpi_id"] for row in csv.DictReader(lines) if row["aggregation"] == "additive"]


def test_metricflow_accepts_every_metric(origin, semantics):
    result = subprocess.run(
        [COMMAND, "validate-configs"],
        cwd=semantics,
        env=_environment(origin, semantics),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    assert "ERROR:" not in result.stdout
    content = json.loads((semantics / "target" / "semantic_manifest.json").read_text(encoding="utf-8"))
    assert {metric["name"] for metric in content["metrics"]} >= set(_additive_kpis(semantics))


def test_a_year_of_every_additive_kpi_is_that_of_the_release(origin, semantics):
    published = {
        row["kpi_id"]: row["value"]
        for row in origin.ask(
            "select kpi_id, value from kpi_latest "
            "where window_days = 365 and segment_dimension = 'all' and value is not null"
        )
    }
    kpis = sorted(set(_additive_kpis(semantics)) & set(published))
    assert len(kpis) > 20
    first = SERVED_DAY - timedelta(days=364)
    (row,) = _asked(
        origin,
        semantics,
        "--metrics",
        ",".join(kpis),
        "--start-time",
        first.isoformat(),
        "--end-time",
        SERVED_DAY.isoformat(),
    )
    assert {kpi: float(row[kpi]) for kpi in kpis} == pytest.approx({kpi: published[kpi] for kpi in kpis}, abs=2e-6)


def test_what_does_not_add_up_is_served_by_window(origin, semantics):
    published = {
        row["window_days"]: row["value"]
        for row in origin.ask(
            "select window_days, value from kpi_latest where kpi_id = 'nps' and segment_dimension = 'all'"
        )
    }
    (row,) = _asked(origin, semantics, "--metrics", "nps_28d,nps_90d")
    assert float(row["nps_90d"]) == pytest.approx(published[90])
    assert float(row["nps_28d"]) == pytest.approx(published[28])


def test_segments_have_the_same_numbers_both_ways(origin, semantics):
    published = {
        row["segment"]: row["value"]
        for row in origin.ask(
            "select segment, value from kpi_latest where kpi_id = 'visit_to_purchase' and window_days = 365 "
            "and segment_dimension = 'device' and value is not null"
        )
    }
    rows = _asked(
        origin,
        semantics,
        "--metrics",
        "segment_ratio",
        "--group-by",
        "kpi_cell__segment",
        "--where",
        "{{ Dimension('kpi_cell__kpi_id') }} = 'visit_to_purchase' "
        "and {{ Dimension('kpi_cell__segment_dimension') }} = 'device'",
        "--start-time",
        (SERVED_DAY - timedelta(days=364)).isoformat(),
        "--end-time",
        SERVED_DAY.isoformat(),
    )
    found = {row["kpi_cell__segment"]: float(row["segment_ratio"]) for row in rows}
    assert len(published) > 1
    assert {segment: found[segment] for segment in published} == pytest.approx(published, abs=2e-6)
