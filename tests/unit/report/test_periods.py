"""What a chosen period changes, parts that came with new tables, and tiles with alerts."""

import re
from datetime import date
from decimal import Decimal

import pytest

from pipeline.report import formats, render_report
from pipeline.report.packing import unpack
from pipeline.report.parts import Part
from pipeline.report.views.common import ALL
from pipeline.report.views.kpis import kpi_tiles, trend
from pipeline.report.words import speaking
from tests.unit.report.published_rows import bounded, kpi_row, row_of
from tests.unit.report.test_experience import _part

HIDDEN = {"is_suppressed": True}


def _spoken(row: dict) -> dict:
    return row | {"label": row["label_en"]}


@pytest.mark.parametrize(("days", "shown"), [(7, 28), (28, 28), (60, 90), (365, 90)])
def test_a_part_shows_the_shortest_period_as_long_as_the_one_chosen(days, shown):
    part = Part(slot="s", what="w", table="t", periods={90: {}, 28: {}}, period="p")
    assert part.days == (28, 90)
    assert part.shown_for(days) == shown


@pytest.mark.parametrize(("days", "windows"), [(7, [7]), (28, [90]), (365, [365])])
def test_a_tile_shows_the_shortest_window_with_a_value_and_says_which(facts, days, windows):
    rows = [_spoken(kpi_row(window_days=each, is_available=each != 28, value=None if each == 28 else 0.1))
            for each in (7, 28, 90, 365)]  # fmt: skip
    (tile,) = kpi_tiles(rows, {"kpi_daily": None, "alerts": None}, facts, days=days)[ALL]
    assert tile.title.startswith(f"{windows[0]} days to")
    assert tile.window == ("" if windows == [days] else f"{windows[0]} days")


def test_a_kpi_of_whole_months_keeps_its_window_whatever_is_chosen(facts):
    rows = [_spoken(kpi_row(window_days=31))]
    for days in (7, 365):
        (tile,) = kpi_tiles(rows, {"kpi_daily": None, "alerts": None}, facts, days=days)[ALL]
        assert tile.window == "31 days"


def test_other_periods_travel_with_their_segment_and_all_customers_too(release, facts, write):
    write("kpi_latest", [kpi_row(window_days=days, **bounded("value", days / 1000, 0.001, 0.9)) for days in (28, 90)])
    html = render_report(release, facts)
    assert re.findall(r'<option value="(\d+)"', html) == ["28", "90"]
    later = unpack(re.search(r'data-segment="all/all">([^<]+)<', html).group(1))
    assert set(later) == {"tiles@90"}
    assert "9.0%" in later["tiles@90"]
    assert "window_days = 90" in later["tiles@90"]
    assert 'data-days="28 90" data-slot="tiles"' in html


@pytest.mark.parametrize(
    ("state", "resolved_on", "said"),
    [("open", None, "alert since 2024-03-20, critical"), ("resolved", date(2024, 3, 25), "alert of 2024-03-20, over"),
     ("resolved", date(2024, 1, 5), "")],
)  # fmt: skip
def test_an_alert_stands_on_its_tile_until_the_period_is_past(release, facts, write, state, resolved_on, said):
    write("alerts", [row_of("alerts", alert_id="a", kpi_id="repeat_rate", opened_on=date(2024, 3, 20), state=state,
                            resolved_on=resolved_on, severity="critical", what_en="It fell")])  # fmt: skip
    part = _part(render_report(release, facts), "tiles")
    assert ("alert" in part) == bool(said)
    assert said in part


def test_a_difference_near_zero_is_told_as_an_amount_not_as_a_multiple_of_nothing(facts):
    near = _spoken(kpi_row(unit="amount", value=-5.0, previous_value=1.0, previous_value_low=-8.0))
    assert trend(near, facts).text == "−€6.00"
    apart = near | {"previous_value_low": 0.5, "baseline_denominator": 40.0}
    assert trend(apart, facts).text == "−€6.00"
    assert trend(near | {"value": 1.5, "previous_value_low": 0.5}, facts).text == "+50.0%"


def test_weeks_of_a_funnel_say_which_rates_are_provisional(release, facts, write):
    week = {"funnel_id": "five_stage", "entry_step": 1, "step_id": "discovery", "is_mature": False}
    write("funnel_steps_weekly", [
        row_of("funnel_steps_weekly", **week, step=1, entry_week=date(2024, 3, 25), entrant_count=70,
               **bounded("rate_provisional", 0.25, 0.15, 0.35)),
        row_of("funnel_steps_weekly", **week, step=1, entry_week=date(2024, 3, 18), **HIDDEN),
        row_of("funnel_steps_weekly", **week, step=2, entry_week=date(2024, 3, 18)),
    ])  # fmt: skip
    part = _part(render_report(release, facts), "weekly").replace("&lt;", "<")
    assert "Discovery" in part
    assert "2024-03-18 suppressed (k<10)" in part
    assert "2024-03-25 70 25.0% 15.0% to 35.0% n 70 provisional" in part


def test_the_spread_of_value_keeps_outer_bounds_open_and_hides_what_is_hidden(release, facts, write):
    band = {"method": "observed", "horizon": "to_date", "currency": "EUR"}
    write("segment_clv_distribution", [
        row_of("segment_clv_distribution", **band, band=1, customer_count=18, clv_mean_amount=Decimal("9.50"),
               high_amount=Decimal("152.00"), value_share=0.0064),
        row_of("segment_clv_distribution", **band, band=2, **HIDDEN),
    ])  # fmt: skip
    part = _part(render_report(release, facts), "spread").replace("&lt;", "<")
    assert "Band 1 Observed, To date 18 €9.50 no bound €152.00 0.6%" in part
    assert "Band 2 Observed, To date suppressed (k<10)" in part


def test_words_and_companies_are_of_all_customers_only(release, facts, write):
    write("verbatim_terms", [
        row_of("verbatim_terms", comparison="recent_against_before", language="fr", term="colis", leaning="recent",
               first_n=12, q_value=0.01, is_distinctive=True, is_bound=True, **bounded("log_odds", 1.5, 0.5, 2.5))
    ])  # fmt: skip
    write("account_kpis", [row_of("account_kpis", window_days=28, kpi_id="nps", label_en="NPS", unit="points",
                                  account_count=30, n=45, **bounded("value", 12.0, 2.0, 22.0)),
                           row_of("account_kpis", window_days=28, kpi_id="csat", **HIDDEN)])  # fmt: skip
    html = render_report(release, facts)
    part = _part(html, "terms").replace("&lt;", "<")
    assert "colis The last weeks against the time before · fr Recent +1.50 +0.50 to +2.50" in part
    assert "12 against suppressed (k<10) tells them apart · q 0.010" in part
    assert "1 of 1 words tell the groups apart" in part
    companies = _part(html, "accounts").replace("&lt;", "<")
    assert "NPS +12.0 +2.0 to +22.0 n 45 30" in companies
    assert "1 KPIs: suppressed (k<10)." in companies
    north = unpack(re.search(r'data-segment="region/north">([^<]+)<', html).group(1))
    assert "only for all customers" in north["terms"]
    assert "only for all customers" in north["accounts"]


def test_days_and_short_times_are_written_as_the_language_does():
    assert formats.day(date(2024, 3, 9)) == "2024-03-09"
    assert formats.measure(0.05, "hours", "") == "3.0 min"
    assert formats.measure(1.25, "hours", "") == "1.25 h"
    assert formats.percent_tick(0.25) == "25%"
    with speaking("fr"):
        assert formats.day(date(2024, 3, 9)) == "09/03/2024"
        assert formats.month(date(2024, 3, 9)) == "03/2024"
        assert formats.percent_tick(0.025) == "2,5\u00a0%"
        assert formats.change(-0.1, "hours", "") == "−6,0\u00a0min".replace("\u00a0", " ")
