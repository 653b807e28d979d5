"""Whole replays on invented series: incidents found, doubtful data not believed, results independent of batches."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline.alerts.backtest import Incident, backtest, suggested_bounds
from pipeline.alerts.data_rules import DataFacts
from pipeline.alerts.evaluating import Inputs, evaluate
from pipeline.alerts.explanation import explain, split_change
from pipeline.alerts.model import Happening, State
from pipeline.alerts.picture import recent_values, sparkline
from pipeline.alerts.replay import Replayed, Watched, replay
from pipeline.alerts.series import arrange
from pipeline.alerts.volumes import arrange_volumes
from tests.unit.alerts.home import FIRST, LAST, book, cells, finding, kpi

START = LAST - timedelta(days=20)
OUTAGE = {("mobile", START, START + timedelta(days=6)): 0.5}


def watched(frame: pd.DataFrame, **changes: object) -> Watched:
    rules = book()
    return Watched(kpis=arrange(frame, rules, LAST), book=rules, **changes)  # type: ignore[arg-type]


def run(frame: pd.DataFrame, *, first: date = LAST - timedelta(days=60), **changes: object) -> Replayed:
    return replay(watched(frame, **changes), {}, first=first, last=LAST)


def tracking_counts(lost_from: date, lost_to: date) -> pd.DataFrame:
    chance = np.random.default_rng(3)
    rows = []
    for back in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=back)
        is_lost = lost_from <= day <= lost_to
        mobile, desktop = chance.poisson(3000), chance.poisson(2000)
        mobile = int(mobile * (0.65 if is_lost else 1))
        rows += [("volume", "web_events", day, "all", "all", mobile + desktop, 1)]
        rows += [("volume", "web_events", day, "device", "mobile", mobile, 1)]
        rows += [("volume", "web_events", day, "device", "desktop", desktop, 1)]
        rows += [("tracking", "web_events", day, "all", "all", chance.binomial(120, 0.8 if is_lost else 0.99), 120)]
    names = ["measure", "table_name", "metric_date", "part_dimension", "part", "row_count", "whole_count"]
    return pd.DataFrame(rows, columns=names)


def test_nothing_wrong_is_no_alert() -> None:
    assert run(cells()).life.events == ()


def test_a_segment_that_breaks_is_found_at_once_and_recovers() -> None:
    found = run(cells(drops=OUTAGE))
    opened = [event for event in found.life.events if event.happening is Happening.OPENED]
    assert {event.alert.finding.subject.name for event in opened} == {"conversion"}
    assert 0 <= (opened[0].as_of - START).days <= 2
    assert all(alert.state is State.RESOLVED for alert in found.life.alerts.values())


def test_a_drop_of_everybody_is_one_alert_that_names_who() -> None:
    found = run(cells(drops={("mobile", START, LAST): 0.4}))
    (opened,) = [event for event in found.life.events if event.happening is Happening.OPENED]
    assert opened.alert.finding.subject.is_whole
    assert "by device: mobile -" in opened.alert.explanation_en
    assert "par device : mobile -" in opened.alert.explanation_fr


def test_day_by_day_and_all_at_once_are_the_same_life() -> None:
    frame = watched(cells(drops=OUTAGE))
    first = LAST - timedelta(days=40)
    whole = replay(frame, {}, first=first, last=LAST).life
    alerts, events = {}, []
    for back in range(41):
        day = first + timedelta(days=back)
        one = replay(frame, alerts, first=day, last=day).life
        alerts, events = one.alerts, [*events, *one.events]
    assert alerts == whole.alerts
    assert tuple(events) == whole.events


def test_lost_tracking_is_an_alert_on_data_and_none_on_kpis() -> None:
    lost = (START, START + timedelta(days=9))
    volumes, rules = arrange_volumes(tracking_counts(*lost), LAST, calendar=(), lags={"web_events": 0})
    frame = cells(drops={("mobile", *lost): 0.7})
    assert any(event.alert.finding.subject.kind == "kpi" for event in run(frame).life.events)
    found = run(frame, volumes=volumes, volume_book=rules)
    kinds = {event.alert.finding.subject.kind for event in found.life.events}
    assert kinds == {"data"}
    assert found.withheld
    opened = [event for event in found.life.events if event.happening is Happening.OPENED]
    assert (opened[0].as_of - START).days <= 1
    assert {event.alert.finding.subject.name for event in opened} == {"web_events"}
    assert all(not alert.is_open for alert in found.life.alerts.values())


def test_a_lasting_change_ends_as_a_new_level_and_does_not_come_back() -> None:
    frame = cells(drops={("all", LAST - timedelta(days=55), LAST): 0.7})
    events = run(frame).life.events
    assert [event.happening for event in events].count(Happening.OPENED) == 1
    assert events[-1].alert.resolution == "new level"


def test_a_fixed_bound_is_watched_beside_the_past() -> None:
    bounded = book(kpi(bound=0.35))
    found = replay(Watched(arrange(cells(), bounded, LAST), bounded), {}, first=LAST - timedelta(days=5), last=LAST)
    assert [alert.finding.subject.rule for alert in found.life.alerts.values()] == ["fixed_bound"]


def test_a_kpi_that_matures_late_is_judged_late_by_its_own_days() -> None:
    late = book(kpi(lag_days=5))
    frame = cells(drops={("all", START, START + timedelta(days=6)): 0.5})
    found = replay(Watched(arrange(frame, late, LAST), late), {}, first=LAST - timedelta(days=60), last=LAST)
    opened = found.life.events[0]
    assert 0 <= (opened.as_of - START).days - 5 <= 1
    assert opened.alert.finding.last_day == opened.as_of - timedelta(days=5)


def test_the_split_adds_up_and_hidden_segments_are_not_named() -> None:
    series = arrange(cells(drops={("mobile", START, LAST): 0.4}), book(), LAST)
    whole = finding(day=LAST)
    split = split_change(series, series.kpis[0], "device", whole)
    assert split is not None
    parts, change = split
    assert sum(part.total for part in parts) == pytest.approx(change)
    hidden = explain(series, whole, is_hidden=lambda _, segment: segment == "mobile")
    assert "mobile" not in hidden.text_en
    assert "others suppressed" in hidden.text_en
    assert len(sparkline(recent_values(series, whole))) == 28


def test_what_else_happened_is_told() -> None:
    context = [(START, "initiative “Express” began", "l'initiative « Express » a commencé")]
    found = run(cells(drops={("all", START, LAST): 0.5}), context=context)
    assert "Express" in found.life.events[0].alert.explanation_en
    assert "Express" in found.life.events[0].alert.explanation_fr


def test_suppressed_cells_are_told_without_numbers() -> None:
    found = run(cells(drops=OUTAGE), is_hidden=lambda *cell: cell[1] != "region")
    texts = [event.alert.finding.text_en for event in found.life.events]
    assert texts
    assert all("suppressed" in text and "%" not in text for text in texts)


def test_a_day_the_ledger_knows_changes_nothing() -> None:
    empty = pd.DataFrame(columns=["table_name", "extract_date", "status", "is_required", "lateness_p99_days"])
    inputs = Inputs(LAST, cells(drops=OUTAGE), pd.DataFrame(), DataFacts(LAST, empty, empty, empty))
    first = evaluate(inputs, book(), {}, evaluated_through=None)
    assert first.life.events
    again = evaluate(inputs, book(), first.life.alerts, evaluated_through=LAST)
    assert (again.life.alerts, again.life.events) == (first.life.alerts, ())
    older = evaluate(inputs, book(), first.life.alerts, evaluated_through=LAST + timedelta(days=30))
    assert older.life.events == ()


def test_a_back_test_tells_delays_and_rates() -> None:
    incident = Incident("conversion", "device", "mobile", START, START + timedelta(days=6))
    missed = Incident("conversion", "device", "desktop", FIRST, FIRST + timedelta(days=1))
    frame = watched(cells(drops=OUTAGE))
    found = backtest(frame, days=60, last=LAST, incidents=[incident, missed])
    assert found.delays[0][1] in (1, 2, 3)
    assert found.delays[1][1] is None
    assert [(rule.rule, rule.name) for rule in found.rules] == [("own_past", "conversion")]
    assert found.rules[0].per_week == pytest.approx(7 * found.rules[0].alerts / 60, abs=1e-3)
    bounds = suggested_bounds(frame.kpis, days=150)
    assert 0.2 < bounds["conversion"] < 0.3
    with pytest.raises(ValueError, match="at least one day"):
        backtest(frame, days=0, last=LAST)


def test_lost_steps_are_one_alert_with_lost_orders_and_a_trace_of_them_is_none() -> None:
    counts = tracking_counts(START, START + timedelta(days=9))
    orders = counts[counts["measure"] == "tracking"]
    steps = orders.assign(measure="checkout_steps", row_count=orders["row_count"] * 0.9)
    volumes, rules = arrange_volumes(pd.concat([orders, steps]), LAST, calendar=(), lags={})
    found = run(cells(), volumes=volumes, volume_book=rules)
    (opened,) = [event for event in found.life.events if event.happening is Happening.OPENED]
    assert (opened.as_of - START).days <= 1
    assert opened.alert.finding.subject.rule in ("tracking", "checkout_steps")
    assert opened.alert.finding.text_fr
    is_last = orders["metric_date"] == LAST
    for lost, alerts in ((160, 0), (400, 1)):
        seen = orders.assign(measure="checkout_steps", row_count=20_000, whole_count=20_000)
        seen["row_count"] -= lost * is_last
        volumes, rules = arrange_volumes(seen, LAST, calendar=(), lags={})
        assert len(run(cells(), volumes=volumes, volume_book=rules).life.alerts) == alerts
