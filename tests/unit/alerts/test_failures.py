"""Visits in which something failed: watched like KPIs, and told beside them; small charts of what is told."""

from datetime import timedelta

import numpy as np
import pandas as pd

from pipeline.alerts.failures import FEWEST_STRUCK, related, with_failures
from pipeline.alerts.model import Happening, State
from pipeline.alerts.picture import chart_svg, recent_values, sparkline
from pipeline.alerts.published import alerts_table
from pipeline.alerts.replay import Watched, replay
from pipeline.alerts.series import arrange
from tests.unit.alerts.home import DAYS, FIRST, LAST, alert, book, cells, finding

BROKEN = LAST - timedelta(days=6)


def failures(*, broken_share: float = 0.06) -> pd.DataFrame:
    """Checkout errors of two devices: hardly any, and more on phones from ``BROKEN`` on."""
    chance = np.random.default_rng(4)
    rows = []
    for back in range(DAYS):
        day = FIRST + timedelta(days=back)
        visits = {"mobile": int(chance.poisson(300)), "desktop": int(chance.poisson(200))}
        share = {"mobile": broken_share if day >= BROKEN else 0.01, "desktop": 0.01}
        struck = {device: int(chance.binomial(visits[device], share[device])) for device in visits}
        rows += [(day, "device", device, struck[device], visits[device]) for device in visits]
        rows.append((day, "all", "all", sum(struck.values()), sum(visits.values())))
    names = ["metric_date", "segment_dimension", "segment", "visit_count", "whole_count"]
    labels = {"label_en": "Error in checkout", "label_fr": "Erreur dans la commande", "owner": "it"}
    return pd.DataFrame(rows, columns=names).assign(friction_type="checkout_error", **labels)


def watched(drawn: pd.DataFrame, **changes: object) -> Watched:
    both, rules = with_failures(cells(**changes), book(), drawn)  # type: ignore[arg-type]
    return Watched(kpis=arrange(both, rules, LAST), book=rules)


def test_a_broken_step_is_an_alert_of_its_owner_before_any_order_stays_away() -> None:
    found = replay(watched(failures()), {}, first=LAST - timedelta(days=60), last=LAST)
    opened = [event for event in found.life.events if event.happening is Happening.OPENED]
    assert [event.alert.finding.subject.name for event in opened] == ["friction:checkout_error"]
    assert (opened[0].as_of - BROKEN).days <= 1
    assert opened[0].alert.finding.owner == "it"
    assert "Error in checkout" in opened[0].alert.finding.text_en
    assert "by device: mobile +" in opened[0].alert.explanation_en
    table = alerts_table(found.life.alerts.values(), LAST, is_hidden=lambda *_: False).iloc[0]
    assert (table["kind"], table["friction_type"], table["kpi_id"]) == ("friction", "checkout_error", None)


def test_what_struck_few_visits_is_told_without_a_number() -> None:
    """Forty visits a day of which none fails, and then nine do: an alert, but of few."""
    drawn = failures().query("segment_dimension == 'all'").assign(whole_count=40, visit_count=0)
    drawn.loc[drawn["metric_date"] >= LAST, "visit_count"] = FEWEST_STRUCK - 1
    table = opened(drawn)
    assert (table["friction_type"], table["is_suppressed"]) == ("checkout_error", True)
    assert table[["value", "expected_value", "n", "why_en"]].isna().all()
    drawn.loc[drawn["metric_date"] >= LAST, "visit_count"] = FEWEST_STRUCK
    assert opened(drawn)["n"] == 40


def opened(drawn: pd.DataFrame) -> pd.Series:
    found = replay(watched(drawn), {}, first=LAST, last=LAST)
    return alerts_table(found.life.alerts.values(), LAST, is_hidden=lambda *_: False).iloc[0]


def test_no_failure_more_than_usual_is_no_alert_and_none_is_no_series() -> None:
    assert (
        replay(watched(failures(broken_share=0.01)), {}, first=LAST - timedelta(days=60), last=LAST).life.events == ()
    )
    frame = cells()
    assert with_failures(frame, book(), failures().iloc[:0])[0] is frame


def test_a_fall_of_orders_names_the_friction_that_rose_with_it() -> None:
    both = watched(failures(), drops={("mobile", BROKEN, LAST): 0.4})
    found = replay(both, {}, first=LAST - timedelta(days=60), last=LAST)
    why = {event.alert.finding.subject.name: event.alert for event in found.life.events}["conversion"]
    assert "Visits with “Error in checkout”: " in why.explanation_en
    assert "Visites avec « Erreur dans la commande » : " in why.explanation_fr
    calm = watched(failures(broken_share=0.01))
    assert list(related(calm.kpis, finding(day=LAST))) == []


def test_the_chart_shows_what_is_known_and_hides_what_is_suppressed() -> None:
    series = arrange(cells(drops={("all", BROKEN, LAST): 0.5}), book(), LAST)
    values = recent_values(series, finding(day=LAST), is_hidden=lambda day: day == LAST - timedelta(days=3))
    assert len(values) == 28
    assert values[-4] is None
    known = [value for value in values if value is not None]
    assert max(known[-6:]) < min(known[:20])
    assert sparkline(values)[-4] == " "
    drawn = chart_svg(alert(history=values))
    assert drawn.count("M") == 3  # the usual level, and a line broken once
    assert "<title>conversion (all) fell.</title>" in drawn
    assert chart_svg(alert(state=State.OPEN)) == ""
