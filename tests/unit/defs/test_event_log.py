"""The run history: what is written with kept connections is what Dagster's own class reads."""

import contextlib
import os
import sqlite3

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from pipeline.defs.build import prepare_instance
from pipeline.defs.event_log import KeptEventLogStorage
from pipeline.settings import Settings


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


DAYS = dg.DailyPartitionsDefinition(start_date="2025-01-01")
DAY = "2025-01-02"
TABLES = {
    "event_logs": "run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition",
    "asset_keys": "asset_key, last_materialization, last_run_id, last_materialization_timestamp",
    "asset_event_tags": "event_id, asset_key, key, value, event_timestamp",
    "asset_check_executions": "asset_key, check_name, run_id, execution_status, evaluation_event, "
    "evaluation_event_timestamp, evaluation_event_storage_id, materialization_event_storage_id, partition",
}


@dg.multi_asset(
    specs=[dg.AssetSpec("one"), dg.AssetSpec("two", deps=["one"])],
    check_specs=[dg.AssetCheckSpec("is_so", asset="one"), dg.AssetCheckSpec("is_not", asset="two")],
    partitions_def=DAYS,
)
def judged():
    yield dg.MaterializeResult("one")
    yield dg.MaterializeResult("two", metadata={"dagster/row_count": 2})
    yield dg.AssetCheckResult(passed=True, asset_key="one", check_name="is_so")
    yield dg.AssetCheckResult(passed=False, asset_key="two", check_name="is_not", severity=dg.AssetCheckSeverity.WARN)


def _rows(folder, shard):
    found = {}
    with contextlib.closing(sqlite3.connect(folder / f"{shard}.db")) as file:
        for table, columns in TABLES.items():
            found[table] = file.execute(f"select {columns} from {table} order by id").fetchall()
    return found


def test_the_files_hold_what_the_plain_class_writes_of_the_same_events(instance, tmp_path):
    entries = []
    for _ in range(2):
        run = dg.materialize([judged], instance=instance, partition_key=DAY)
        entries += [record.event_log_entry for record in instance.get_records_for_run(run.run_id).records]
    plain, kept = SqliteEventLogStorage(str(tmp_path / "plain")), KeptEventLogStorage(str(tmp_path / "kept"))
    for entry in entries:
        plain.store_event(entry)
    kept.store_event_batch(entries[:20])
    for entry in entries[20:]:
        kept.store_event(entry)
    kept.dispose()
    for shard in ("index", entries[0].run_id, entries[-1].run_id):
        assert _rows(tmp_path / "kept", shard) == _rows(tmp_path / "plain", shard)
    assert all(_rows(tmp_path / "kept", "index").values())


def test_what_a_run_plans_is_one_batch(instance, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "environ", dict(os.environ))
    Settings(home=tmp_path).export_environment()
    sizes = []
    store = KeptEventLogStorage.store_event_batch
    monkeypatch.setattr(
        KeptEventLogStorage, "store_event_batch", lambda self, events: (sizes.append(len(events)), store(self, events))
    )
    run = dg.materialize([judged], instance=instance, partition_key=DAY)
    assert run.success
    assert max(sizes) == 4
    planned = {
        dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
        dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
    }
    assert len(instance.get_records_for_run(run.run_id, of_type=planned).records) == 4


def _last(storage, key, day=DAY):
    found = storage.fetch_materializations(dg.AssetRecordsFilter(dg.AssetKey(key), asset_partitions=[day]), limit=1)
    return [
        (record.storage_id, record.run_id, record.timestamp, found.cursor, found.has_more) for record in found.records
    ]


def test_what_is_not_made_by_the_day_is_known_by_heart_until_something_else_is_written(instance, tmp_path, monkeypatch):
    storage, plain = instance.event_log_storage, SqliteEventLogStorage(str(tmp_path / "history" / "runs"))
    asked = []
    fetch = SqliteEventLogStorage.fetch_materializations
    monkeypatch.setattr(
        SqliteEventLogStorage,
        "fetch_materializations",
        lambda self, *given, **named: (asked.append(self), fetch(self, *given, **named))[1],
    )
    run = dg.materialize([judged, counted], instance=instance, partition_key=DAY)
    assert _last(storage, "two") == _last(plain, "two")
    assert _last(storage, "two")[0][1] == run.run_id
    assert _last(plain, "counted") == []
    asked.clear()
    assert _last(storage, "counted") == []
    assert _last(storage, "two", "2025-01-03") == []
    assert asked == []

    entry = storage.fetch_materializations(dg.AssetKey("counted"), limit=1).records[0].event_log_entry
    made = entry.dagster_event.step_materialization_data.materialization._replace(partition=DAY)
    data = entry.dagster_event.event_specific_data._replace(materialization=made)
    plain.store_event(entry._replace(dagster_event=entry.dagster_event._replace(event_specific_data=data)))
    assert _last(storage, "counted") == _last(plain, "counted") != []
    storage.wipe_asset(dg.AssetKey("counted"))
    assert _last(storage, "counted") == _last(plain, "counted") == []
