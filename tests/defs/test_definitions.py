"""Jobs, schedule, executor, resource; and that loading them touches no data."""

import subprocess
import sys
from datetime import UTC, datetime

import dagster as dg
import pytest
import yaml
from dagster._core.errors import DagsterResourceFunctionError

from pipeline.contracts import CONTRACTS
from pipeline.defs.build import DAILY_JOB, prepare_instance
from pipeline.defs.landing_assets import day_partitions
from pipeline.defs.resources import home_resource
from pipeline.extract import SourcesError
from pipeline.settings import PROJECT_ROOT, Settings


def test_loading_touches_no_data(settings, definitions):
    made = {path.name for path in settings.paths.root.iterdir()}
    assert made <= {"dagster", "dbt", "warehouse"}
    assert not settings.paths.build_file.exists()
    assert not settings.paths.pseudonym_key.exists()


def test_the_daily_job_runs_everything_in_one_process(definitions, graph):
    job = definitions.resolve_job_def(DAILY_JOB)
    assert job.executor_def is dg.in_process_executor
    assert set(job.asset_layer.executable_asset_keys) == set(graph.materializable_asset_keys)
    assert job.description
    assert int(job.tags["dagster/max_runtime"]) > 0


def test_the_schedule_runs_the_daily_job_every_morning_in_the_companys_time(definitions):
    schedule = definitions.resolve_schedule_def("every_morning")
    assert (schedule.cron_schedule, schedule.job_name) == ("30 5 * * *", DAILY_JOB)
    assert schedule.execution_timezone == "Europe/Paris"


def test_a_morning_lands_yesterday_and_what_came_late(definitions):
    schedule = definitions.resolve_schedule_def("every_morning")
    morning = datetime(2025, 12, 31, 4, 30, tzinfo=UTC)  # 05:30 in Paris
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(
            instance=instance, scheduled_execution_time=morning, repository_def=definitions.get_repository_def()
        )
        request = schedule.evaluate_tick(context).run_requests[0]
    assert request.partition_key == "2025-12-30"
    assert {op["config"]["first"] for op in request.run_config["ops"].values()} == {"2025-12-16"}
    assert set(request.run_config["ops"]) == {f"landing__{table}" for table in CONTRACTS}


def test_what_stands_on_landing_asks_for_the_last_day_alone(graph):
    """Listing the days of twenty years for each table that is read takes seconds of every run."""
    landed = {dg.AssetKey(["landing", table]) for table in CONTRACTS}
    asked = [
        graph.get_partition_mapping(key, parent)
        for key in graph.materializable_asset_keys - landed
        for parent in graph.get(key).parent_keys & landed
    ]
    assert len(asked) > len(CONTRACTS)
    assert {type(mapping) for mapping in asked} == {dg.LastPartitionMapping}


def test_days_are_calendar_days_of_the_company():
    partitions = day_partitions("America/Lima")
    keys = partitions.get_partition_keys()
    assert keys[0] == "2005-01-01"
    assert partitions.timezone == "America/Lima"
    assert partitions.has_partition_key("2025-12-31") or keys[-1] < "2025-12-31"


def test_a_range_of_days_is_configured_table_by_table(definitions):
    job = definitions.resolve_job_def(DAILY_JOB)
    steps = {node.name for node in job.nodes}
    assert {f"landing__{table}" for table in CONTRACTS} <= steps
    assert {"landing_facts", "dbt_foundations", "analysis", "dbt_models"} <= steps
    assert {"releases__staged", "releases__current"} <= steps
    # a model of the first call that read one of the second would split the calls in more steps
    assert len([step for step in steps if step.startswith("dbt_")]) == 2


def test_the_instance_sends_nothing_and_runs_one_thing_at_a_time(tmp_path):
    prepare_instance(tmp_path / "dagster")
    file = tmp_path / "dagster" / "dagster.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert content["telemetry"] == {"enabled": False}
    assert content["concurrency"] == {"pools": {"default_limit": 1}, "runs": {"max_concurrent_runs": 1}}
    file.write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    prepare_instance(tmp_path / "dagster")
    assert file.read_text(encoding="utf-8") == "telemetry: {enabled: false}\n", "a user's own stays"


def test_a_home_that_is_not_configured_gives_no_resource(tmp_path):
    resource = home_resource(Settings(home=tmp_path / "none"))
    with pytest.raises(DagsterResourceFunctionError) as caught, dg.build_resources({"home": resource}):
        pass
    assert isinstance(caught.value.__cause__, SourcesError)
    assert "parcours init" in str(caught.value.__cause__)
    assert not (tmp_path / "none" / "landing").exists()


@pytest.mark.end_to_end
def test_dagster_can_load_the_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("PARCOURS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    (tmp_path / "dagster").mkdir()
    result = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-w", "workspace.yaml"],
        cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    assert "All code locations passed validation" in result.stdout + result.stderr
