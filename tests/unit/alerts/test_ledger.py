"""The ledger: a day enters whole and once; what is read is what was written."""

import sqlite3
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.alerts.codec import as_json, from_json
from pipeline.alerts.ledger import Ledger, Message, UnknownAlertError
from pipeline.alerts.model import State
from pipeline.alerts.published import COLUMNS, alerts_table
from tests.unit.alerts.home import LAST, alert, finding

NOW = datetime(2025, 7, 20, 5, 30)  # noqa: DTZ001
MESSAGE = Message("k1", "file", "title", "body")


def test_an_alert_comes_back_as_it_went_in() -> None:
    over = alert(state=State.RESOLVED, resolved_on=LAST, resolution="recovered", explanation_fr="« été »", note="x")
    for each in (alert(), over):
        assert from_json(as_json(each)) == each


def test_an_empty_ledger_is_empty_and_writes_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "alerts")
    assert (ledger.alerts(), ledger.evaluated_through(), ledger.muted(), ledger.messages("queued")) == (
        {},
        None,
        {},
        [],
    )
    assert not (tmp_path / "alerts").exists()


def test_a_release_is_taken_in_once(tmp_path: Path) -> None:
    ledger, one = Ledger(tmp_path), alert()
    assert ledger.take_in("r1", LAST, {one.alert_id: one}, [MESSAGE], NOW)
    changed = replace(one, good_days=2)
    assert not ledger.take_in("r1", LAST, {one.alert_id: changed}, [replace(MESSAGE, key="k2")], NOW)
    assert ledger.alerts() == {one.alert_id: one}
    assert [each.key for each in ledger.messages("queued")] == ["k1"]
    assert ledger.evaluated_through() == LAST


def test_a_message_that_was_ever_queued_is_not_queued_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.take_in("r1", LAST, {}, [MESSAGE], NOW)
    ledger.mark(replace(MESSAGE, attempts=1), "sent", NOW)
    ledger.take_in("r2", LAST + timedelta(days=1), {}, [MESSAGE], NOW)
    assert ledger.messages("queued") == []


def test_a_day_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    broken = Message("k2", "file", "title", None)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        ledger.take_in("r1", LAST, {alert().alert_id: alert()}, [MESSAGE, broken], NOW)
    assert (ledger.evaluated_through(), ledger.messages("queued")) == (None, [])
    assert ledger.alerts() == {}


def test_mutes_and_finding_by_the_beginning_of_an_id(tmp_path: Path) -> None:
    ledger, one = Ledger(tmp_path), alert()
    ledger.record(one, [], NOW)
    ledger.record(alert(finding=finding("other")), [], NOW)
    assert ledger.find(one.alert_id[:10]) == one
    with pytest.raises(UnknownAlertError, match="no alert"):
        ledger.find("zzz")
    with pytest.raises(UnknownAlertError, match="2 alerts"):
        ledger.find("")
    ledger.mute(one.finding.subject.fingerprint, date(2025, 8, 1), "holiday")
    assert ledger.muted() == {one.finding.subject.fingerprint: date(2025, 8, 1)}


def test_the_published_table_hides_what_is_suppressed_and_what_is_later() -> None:
    small = alert(finding=finding(dimension="device", segment="mobile"))
    later = alert(opened_on=LAST + timedelta(days=1))
    data = alert(finding=finding("orders", kind="data", rule="stale_extract"))
    table = alerts_table([small, later, data, alert()], LAST, is_hidden=lambda *cell: cell[2] == "mobile")
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == 3
    hidden = table[table["is_suppressed"]].iloc[0]
    assert hidden["segment"] == "mobile"
    assert hidden[["value", "n", "standard_errors"]].isna().all()
    assert "mobile" not in hidden["what_en"]
    assert "20" not in hidden["what_en"]
    assert table[table["kind"] == "data"].iloc[0]["table_name"] == "orders"
    assert set(table[table["kind"] == "kpi"]["kpi_id"]) == {"conversion"}
