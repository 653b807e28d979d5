"""Dagster's event log in SQLite, with its connections kept open.

Belongs here: how the run history is written. Does not belong here: what is in it.

Dagster's own class opens, syncs to disk and closes a database some four times per event; a run has thousands of events,
and that was a fifth of its time.
"""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from dagster import AssetKey, AssetRecordsFilter, EventRecordsResult
from dagster._core.event_api import EventLogCursor
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS, EVENT_TYPE_TO_PIPELINE_RUN_STATUS
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.schema import AssetKeyTable, SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import StaticPool

_BUSY_SECONDS = 30
_INDEXED = {*ASSET_EVENTS, *ASSET_CHECK_EVENTS, *EVENT_TYPE_TO_PIPELINE_RUN_STATUS}
_INSERT = SqlEventLogStorageTable.insert()
_MADE_OF_DAY = text(
    "select asset_key from asset_keys where exists (select 1 from event_logs "
    "where event_logs.asset_key = asset_keys.asset_key and dagster_event_type = 'ASSET_MATERIALIZATION' "
    "and partition = :day)"
)


class KeptEventLogStorage(SqliteEventLogStorage):
    """The run history of a home: the same files as Dagster's own class, one kept connection per file.

    Written ahead and synced at checkpoints: a fault of the machine may lose the last events, never the history.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        self._opened: dict[str, Connection] = {}
        self._tables: set[str] = set()
        self._columns: set[str] = set()
        self._made_of_day: dict[str, set[str]] = {}
        self._index_state: tuple[int, int] | None = None
        super().__init__(base_dir, inst_data)
        # whoever writes an event may have to read of others
        self._db_lock = threading.RLock()  # type: ignore[assignment]

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "KeptEventLogStorage":
        """The storage of the Dagster home that the configuration names as ``base_dir``."""
        return cls(str(Path(config_value["base_dir"]) / "history" / "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """A transaction on a file, or the one this thread has begun there."""
        with self._db_lock:
            if shard in self._opened:
                yield self._opened[shard]
                return
            if shard not in self._engines:
                self._engines[shard] = _engine(self.conn_string_for_shard(shard))
            engine = self._engines[shard]
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as opened:
                self._opened[shard] = opened
                try:
                    yield opened
                finally:
                    del self._opened[shard]

    def store_event(self, event: EventLogEntry) -> None:
        """Write one event."""
        self.store_event_batch([event])

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Write events: into the file of their run, and those the index is of into the index, in a transaction each."""
        for run_id, found in groupby(events, key=lambda each: each.run_id):
            of_run = list(found)
            rows = [self._event_to_row(each) for each in of_run]
            with self.run_connection(run_id) as opened:
                opened.execute(_INSERT, rows)
            indexed = [pair for pair in zip(of_run, rows, strict=True) if pair[0].dagster_event_type in _INDEXED]
            if indexed:
                with self._connect(INDEX_SHARD_NAME) as opened:
                    self._forget_if_changed(opened)
                    for each, row in indexed:
                        self._index(opened, each, row)
                    self._index_state = _state(opened)

    def _index(self, opened: Connection, each: EventLogEntry, row: Mapping[str, Any]) -> None:
        event_id = opened.execute(_INSERT, [row]).lastrowid
        if each.dagster_event_type in ASSET_EVENTS:
            self._store_asset_event_tags(opened, [each], [event_id])
            self._store_asset_event(opened, each, event_id)
            written = each.get_dagster_event()
            if written.is_step_materialization and row["partition"] in self._made_of_day:
                self._made_of_day[row["partition"]].add(row["asset_key"])
        elif each.dagster_event_type in ASSET_CHECK_EVENTS:
            self.store_asset_check_event(each, event_id)

    def _store_asset_event(self, conn: Connection, event: EventLogEntry, event_id: int) -> None:
        """Note an event as its asset's last; nearly all assets are known."""
        key = event.get_dagster_event().asset_key
        values = self._get_asset_entry_values(event, event_id, self._has_asset_key_index_cols_on_connection(conn))
        if key is None or not values:
            return
        known = AssetKeyTable.update().values(**values).where(AssetKeyTable.c.asset_key == key.to_string())
        if conn.execute(known).rowcount == 0:
            conn.execute(AssetKeyTable.insert().values(asset_key=key.to_string(), **values))

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        """Whether the table of assets has a column; as with tables, one that is there stays."""
        if column_name not in self._columns and super()._has_asset_key_col_on_connection(conn, column_name):
            self._columns.add(column_name)
        return column_name in self._columns

    def fetch_materializations(
        self,
        records_filter: AssetKey | AssetRecordsFilter,
        limit: int,
        cursor: str | None = None,
        ascending: bool = False,  # noqa: FBT001, FBT002 - Dagster's signature
    ) -> EventRecordsResult:
        """Materialisations of an asset; each check asks for those of its day, and a model is not made by the day."""
        if isinstance(records_filter, AssetRecordsFilter) and cursor is None and not ascending:
            days = records_filter.asset_partitions or []
            if len(days) == 1 and records_filter.asset_key.to_string() not in self._made_of(days[0]):
                return EventRecordsResult([], cursor=EventLogCursor.from_storage_id(-1).to_string(), has_more=False)
        return super().fetch_materializations(records_filter, limit, cursor, ascending)

    def _made_of(self, day: str) -> set[str]:
        """Assets of which there is a materialisation of a day; asked once, then known by heart."""
        with self._connect(INDEX_SHARD_NAME) as opened:
            self._forget_if_changed(opened)
            if day not in self._made_of_day:
                self._made_of_day[day] = set(opened.execute(_MADE_OF_DAY, {"day": day}).scalars())
            return self._made_of_day[day]

    def _forget_if_changed(self, opened: Connection) -> None:
        """Know nothing by heart once anything but new events was written to the index, here or by another process."""
        state = _state(opened)
        if state != self._index_state:
            self._made_of_day.clear()
            self._index_state = state

    def has_table(self, table_name: str) -> bool:
        """Whether the history has a table; Dagster asks of each event, and a table that is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def wipe(self) -> None:
        """Forget all events; the files go, so the connections go first."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        """Close the files."""
        self._close()
        super().dispose()

    def _close(self) -> None:
        with self._db_lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
            self._initialized_dbs.clear()
            self._made_of_day.clear()
            self._index_state = None


def _state(opened: Connection) -> tuple[int, int]:
    """Changes with what others, and what this connection, write to the file."""
    plain: Any = opened.connection.driver_connection
    return int(plain.execute("pragma data_version").fetchone()[0]), int(plain.total_changes)


def _engine(url: str) -> Engine:
    arguments = {"timeout": _BUSY_SECONDS, "check_same_thread": False}  # the storage's lock lets one thread in
    engine = create_engine(url, poolclass=StaticPool, connect_args=arguments)

    @event.listens_for(engine, "connect")
    def _sync_at_checkpoints(opened: sqlite3.Connection, _: object) -> None:
        opened.execute("pragma synchronous = normal")

    return engine
