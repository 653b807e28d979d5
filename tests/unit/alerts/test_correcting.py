"""A day evaluated again: what is taken back, what stays, what people did in between."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from pipeline.alerts.correcting import CORRECTED, on_the_eve, with_corrections
from pipeline.alerts.data_rules import DataFacts, data_findings
from pipeline.alerts.evaluating import Inputs, evaluate
from pipeline.alerts.ledger import Ledger
from pipeline.alerts.model import Alert, Happening, Life, State
from tests.unit.alerts.home import LAST, alert, book, cells, finding

NOW = datetime(2025, 7, 20, 5, 30)  # noqa: DTZ001
NOTHING = pd.DataFrame(columns=["table_name", "extract_date", "status", "is_required", "lateness_p99_days"])


def inputs(**changes: object) -> Inputs:
    facts = DataFacts(LAST, NOTHING, NOTHING, NOTHING)
    return Inputs(LAST, cells(**changes), pd.DataFrame(), facts)  # type: ignore[arg-type]


def by_id(*alerts: Alert) -> dict[str, Alert]:
    return {each.alert_id: each for each in alerts}


def test_the_ledger_keeps_the_eve_of_its_last_day_only(tmp_path: Path) -> None:
    ledger, before = Ledger(tmp_path), LAST - timedelta(days=1)
    old = alert(opened_on=before, seen_on=before)
    assert ledger.eve(LAST) is None
    ledger.take_in("r1", before, by_id(old), [], NOW)
    assert ledger.eve(before) == ({}, None)
    ledger.take_in("r2", LAST, by_id(old, alert(finding=finding("other"))), [], NOW)
    ledger.take_in("r3", LAST, by_id(old), [], NOW)
    assert ledger.eve(LAST) == (by_id(old), before)
    assert ledger.eve(before) is None


def test_corrected_data_of_the_same_day_take_an_alert_back_and_tell_so(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    broken = {("all", LAST - timedelta(days=2), LAST): 0.4}
    first = evaluate(inputs(drops=broken), book(), {}, evaluated_through=None)
    assert [alert.is_open for alert in first.life.alerts.values()] == [True]
    ledger.take_in("r1", LAST, first.life.alerts, [], NOW)
    eve = ledger.eve(LAST)
    assert eve is not None
    again = evaluate(inputs(), book(), on_the_eve(eve[0], ledger.alerts()), evaluated_through=eve[1])
    life = with_corrections(ledger.alerts(), again.life, LAST)
    assert [alert.resolution for alert in life.alerts.values()] == [CORRECTED]
    assert [event.happening for event in life.events] == [Happening.RESOLVED]
    same = evaluate(inputs(drops=broken), book(), on_the_eve(eve[0], ledger.alerts()), evaluated_through=eve[1])
    assert with_corrections(ledger.alerts(), same.life, LAST).alerts == first.life.alerts


def test_what_people_did_since_stays() -> None:
    before, failed = alert(), alert(finding=finding("run", kind="data", rule="failed_run"))
    known = by_id(replace(before, state=State.ACKNOWLEDGED, acknowledged_by="Ana", note="seen"), failed)
    base = on_the_eve(by_id(before), known)
    assert base[before.alert_id].acknowledged_by == "Ana"
    assert failed.alert_id in base
    life = with_corrections(known, Life(by_id(before, failed)), LAST)
    assert life.alerts[before.alert_id].state is State.ACKNOWLEDGED
    assert life.events == ()
    by_hand = replace(before, state=State.RESOLVED, resolved_on=LAST, resolution="by hand")
    assert on_the_eve(by_id(before), by_id(by_hand)) == by_id(by_hand)


def test_an_overridden_gate_is_an_alert_that_names_who_and_why() -> None:
    said = [("orders.row_count", "orders.row_count: “the shop was closed” (Ana, 2025-07-19)")]
    (found,) = data_findings(DataFacts(LAST, NOTHING, NOTHING, NOTHING, overridden=said))
    assert found.subject.rule == "gate_overridden"
    assert "Ana" in found.text_en
    assert "Ana" in found.text_fr
