"""The run history: what is written with kept connections is what Dagster's own class reads."""

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from pipeline.defs.build import prepare_instance
from pipeline.defs.event_log import KeptEventLogStorage


@dg.asset
def counted() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"dagster/row_count": 3})


@pytest.fixture
def instance(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    prepare_instance(tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as opened:
        yield opened


def test_a_home_keeps_its_connections(instance, tmp_path):
    assert isinstance(instance.event_log_storage, KeptEventLogStorage)
    assert (tmp_path / "history" / "runs" / "index.db").exists()


def test_what_is_written_is_what_the_plain_class_reads(instance, tmp_path):
    result = dg.materialize([counted], instance=instance)
    assert result.success
    instance.event_log_storage.dispose()
    plain = SqliteEventLogStorage(str(tmp_path / "history" / "runs"))
    written = [event.dagster_event_type for event in instance.all_logs(result.run_id)]
    assert dg.DagsterEventType.ASSET_MATERIALIZATION in written
    assert [event.dagster_event_type for event in plain.get_logs_for_run(result.run_id)] == written
    found = plain.get_latest_materialization_events([dg.AssetKey("counted")])[dg.AssetKey("counted")]
    assert found.asset_materialization.metadata["dagster/row_count"].value == 3


def test_a_wiped_history_can_be_written_again(instance):
    first = dg.materialize([counted], instance=instance)
    instance.event_log_storage.wipe()
    assert instance.all_logs(first.run_id) == []
    second = dg.materialize([counted], instance=instance)
    assert instance.all_logs(second.run_id)


def test_dagster_asks_the_file_once_for_a_table_it_has_and_each_time_for_one_it_has_not(instance, monkeypatch):
    asked = []

    def has_table(storage, name):
        asked.append(name)
        return name == "asset_keys"

    monkeypatch.setattr(SqliteEventLogStorage, "has_table", has_table)
    storage = instance.event_log_storage
    storage._tables.clear()
    found = [storage.has_table(name) for name in ("asset_keys", "asset_keys", "none", "none")]
    assert found == [True, True, False, False]
    assert asked == ["asset_keys", "none", "none"]
