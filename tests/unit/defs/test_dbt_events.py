"""dbt's debug events end before they are made; all others are told as ever."""

import pytest
from dbt.adapters.events.types import ConnectionUsed
from dbt.events.types import MainEncounteredError, MainReportVersion
from dbt_common.events import event_manager_client
from dbt_common.events.base_types import EventLevel
from dbt_common.events.functions import fire_event

from pipeline.defs.dbt_events import CalmEvents, keep_calm


@pytest.fixture
def told():
    """Names of the events told."""
    before = event_manager_client.get_event_manager()
    heard = []
    keep_calm()
    event_manager_client.add_callback_to_manager(lambda message: heard.append(message.info.name))
    yield heard
    event_manager_client.ctx_set_event_manager(before)


def test_debug_events_are_not_told(told):
    fire_event(ConnectionUsed(conn_type="duckdb", conn_name="model.a"))
    fire_event(MainReportVersion(version="1", log_version=3))
    fire_event(MainEncounteredError(exc="it broke"))
    assert told == ["MainReportVersion", "MainEncounteredError"]


def test_the_level_an_event_is_fired_with_counts(told):
    fire_event(MainReportVersion(version="1", log_version=3), level=EventLevel.DEBUG)
    fire_event(ConnectionUsed(conn_type="duckdb", conn_name="model.a"), level=EventLevel.WARN)
    assert told == ["ConnectionUsed"]


def test_calm_is_kept_once(told):
    manager = event_manager_client.get_event_manager()
    keep_calm()
    assert event_manager_client.get_event_manager() is manager
    assert isinstance(manager, CalmEvents)
