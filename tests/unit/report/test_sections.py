import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pipeline.report import render_report
from tests.unit.report.published_rows import (
    clv_row,
    cohort_row,
    friction_row,
    funnel_row,
    kpi_row,
    retention_row,
)


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def _section(html: str, name: str) -> str:
    return _text(re.search(rf'<section id="{name}".*?</section>', html, re.DOTALL).group(0))


def test_a_kpi_stands_with_interval_n_and_a_trend_judged_by_its_direction(release, facts, write):
    assert "Repeat rate 30.0% 27.2% to 32.9% · n 1,000 ▲ +10.0 pts better" in _section(
        render_report(release, facts), "kpis"
    )
    write("kpi_latest", [kpi_row(direction="lower_is_better")])
    assert "▲ +10.0 pts worse" in _section(render_report(release, facts), "kpis")


def test_a_change_within_noise_is_not_called_good(release, facts, write):
    write("kpi_latest", [kpi_row(previous_value=0.28, previous_value_low=0.25, previous_value_high=0.31)])
    assert "≈ +2.0 pts within noise" in _section(render_report(release, facts), "kpis")


def test_only_the_28_day_window_makes_tiles(release, facts, write):
    write("kpi_latest", [kpi_row(window_days=days, label_en=f"Over {days}") for days in (7, 28, 365)])
    section = _section(render_report(release, facts), "kpis")
    assert "Over 28" in section
    assert "Over 7" not in section
    assert "Over 365" not in section


def test_a_kpi_not_yet_mature_shows_the_shortest_window_with_a_value(release, facts, write):
    nothing = dict.fromkeys(("value", "value_low", "value_high", "n", "numerator", "denominator", "previous_value"))
    rows = [
        kpi_row(window_days=28, is_available=False, unavailable_reason="not mature", **nothing),
        kpi_row(window_days=90),
        kpi_row(window_days=365, value=0.9),
    ]
    write("kpi_latest", rows)
    section = _section(render_report(release, facts), "kpis")
    assert "90 days 27.2% to 32.9%" in section
    assert "not mature" not in section


def test_a_kpi_without_its_extract_is_not_available_and_never_zero(release, facts, write):
    nothing = dict.fromkeys(("value", "value_low", "value_high", "n", "numerator", "denominator", "previous_value"))
    reason = "no survey extract was delivered"
    write("kpi_latest", [kpi_row(label_en="NPS", is_available=False, unavailable_reason=reason, **nothing)])
    assert f"NPS not available: {reason}" in _section(render_report(release, facts), "kpis")


def test_a_division_by_zero_is_no_value(release, facts, write):
    write("kpi_latest", [kpi_row(value=0.3), kpi_row(kpi_id="csat", label_en="CSAT", value=float("nan"))])
    assert "CSAT no value n 1,000" in _section(render_report(release, facts), "kpis")


def test_weak_figures_carry_their_flags(release, facts, write):
    write("kpi_latest", [kpi_row(is_mature=False, is_small_n=True)])
    assert re.search(r"provisional\s+small n", _section(render_report(release, facts), "kpis"))


def test_a_funnel_shows_counts_rate_and_direct_entries(release, facts):
    section = _section(render_report(release, facts), "funnels")
    assert "1,000 500 400 100 55.0% 51.5% to 58.4% n 800" in section
    assert "Direct entries, not in the bars: Decision 33." in section
    assert "500 – – – last step" in section


def test_a_funnel_of_two_steps_is_left_to_the_tiles(release, facts, write):
    write("funnel_steps", [funnel_row(funnel_label_en="A rate", step=step) for step in (1, 2)])
    assert "A rate" not in _section(render_report(release, facts), "funnels")


def test_provisional_cohort_cells_are_hatched_and_carry_n_and_interval(release, facts):
    html = render_report(release, facts)
    assert re.search(r'<td class="h\d young" title="[^"]*n 200; 15.0% to 26.0%; provisional">10.0%</td>', html)


def test_lifetime_value_says_which_costs_are_missing(release, facts):
    section = _section(render_report(release, facts), "value")
    assert "Observed revenue, to date" in section
    assert "No goods cost was delivered" in section
    assert "€20,000 1.50 €0.00 €30,000 €75.00 €70.00 to €80.00 n 400" in section
    assert "No goods cost" not in _section(render_report(release, replace(facts, has_goods_cost=True)), "value")


def test_methods_stand_side_by_side_and_are_not_mixed_into_the_segments(release, facts, write):
    coming = {"method": "predicted", "horizon": "12 months", "model": "mbg_nbd, run_rate", "is_fallback": True}
    figures = {"clv_amount": Decimal("8000.00"), "clv_mean_amount": Decimal("20.00")}
    alive = {"p_alive_mean": 0.625, "p_alive_mean_low": 0.6, "p_alive_mean_high": 0.65}
    ratio = {"clv_to_cac": 2.5, "clv_to_cac_low": 2.0, "clv_to_cac_high": 3.0}
    write("segment_clv", [clv_row(), clv_row(**coming, **figures, **alive, **ratio)])
    section = _section(render_report(release, facts), "value")
    assert "Predicted 12 months mbg nbd, run rate €8,000 €20.00" in section
    assert "fallback 62.5% (60.0% to 65.0%) 2.50 (2.00 to 3.00)" in section
    assert section.count("€8,000") == 1
    write("segment_clv", [clv_row()])
    assert "by method" not in _section(render_report(release, facts), "value")


def test_friction_not_shown_to_matter_stands_below_without_a_rank(release, facts, write):
    weak = friction_row(friction_rank=None, label_en="Slow page", is_shown_to_matter=False, quadrant=None)
    write("segment_friction_ranking", [weak, friction_row()])
    section = _section(render_report(release, facts), "friction")
    assert section.index("Failed payment") < section.index("Not shown to matter") < section.index("Slow page")
    assert "200 of 2,000 Purchase within 30 days −20.0 pts −26.0 to −14.0 pts €3,200 €2,100 to €4,300" in section


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("kpi_latest", "KPIs"),
        ("funnel_steps", "Funnels"),
        ("segment_retention", "Retention by month"),
        ("segment_cohorts", "Cohorts"),
        ("segment_clv", "Lifetime value"),
        ("segment_friction_ranking", "Friction ranking"),
    ],
)
def test_a_table_that_is_not_in_the_release_is_not_available(release, facts, table, name):
    said = f">{name}: not available in this release"
    assert said not in render_report(release, facts)
    (release / f"{table}.parquet").unlink()
    assert said in render_report(release, facts)


def test_suppressed_figures_say_so_and_show_no_number(release, facts, write):
    hidden = {"is_suppressed": True}
    kpi = dict.fromkeys(("value", "value_low", "value_high", "n", "numerator", "denominator", "previous_value"))
    counts = dict.fromkeys(("entrant_count", "converted_count", "dropped_count", "pending_count", "conversion_rate"))
    write("kpi_latest", [kpi_row(**kpi, **hidden)])
    write("funnel_steps", [funnel_row(step=step, **counts, **hidden) for step in (1, 2, 3)])
    write("segment_cohorts", [cohort_row(active_rate=None, cohort_customer_count=None, **hidden)])
    write("segment_retention", [retention_row(retention_rate=None, **hidden)])
    write("segment_friction_ranking", [friction_row(effect=None, affected_count=None, **hidden)])
    html = render_report(release, facts)
    assert "Repeat rate suppressed (k<10)" in _section(html, "kpis").replace("&lt;", "<")
    assert "Discovery suppressed (k<10)" in _section(html, "funnels").replace("&lt;", "<")
    for section in ("retention", "friction"):
        assert "suppressed (k<10)" in _section(html, section).replace("&lt;", "<")
    assert "k&lt;10" in html
    assert "€3,200" not in html
    assert "350" not in _section(html, "retention")


def test_data_tables_show_what_was_refused_and_not_met(release, facts, write):
    coverage = {
        "table_name": "orders",
        "source": "crm",
        "is_required": True,
        "is_available": True,
        "extract_day_count": 14,
        "refused_day_count": 1,
        "first_extract_date": date(2024, 3, 1),
        "last_extract_date": date(2024, 3, 14),
        "first_event_at": date(2023, 1, 1),
        "last_event_at": date(2024, 3, 13),
        "received_count": 1010,
        "loaded_count": 1000,
        "quarantined_count": 7,
        "duplicate_count": 2,
        "set_aside_count": 1,
    }
    check = {
        "door": "landing",
        "table_name": "orders",
        "extract_date": date(2024, 3, 2),
        "column_name": "net_amount",
        "expectation": "expect_column_values_to_be_between",
        "severity": "warning",
        "is_met": False,
        "observed_value": "0.2",
        "why": "Totals would be wrong.",
    }
    write("data_coverage", [coverage])
    write("data_quality", [check, check | {"is_met": True}])
    html = render_report(release, facts)
    assert "14 (1 refused) 2024-03-01 to 2024-03-14 2023-01-01 to 2024-03-13 1,010 1,000 7 2 1" in _section(
        html, "coverage"
    )
    assert "warning Landing orders 2024-03-02 Column values to be between (net_amount) 0.2" in _section(html, "quality")
