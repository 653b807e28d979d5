"""The parts drawn from the journey, experience and action tables: figures, intervals, n, and what may not be shown."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from pipeline.report import render_report
from pipeline.warehouse import connection, literal
from tests.unit.report.published_rows import bounded, row_of
from tests.unit.report.test_sections import _section, _text

HIDDEN = {"is_suppressed": True}


def _part(html: str, slot: str) -> str:
    return _text(re.split(r'<div class="slot"|</section>', html.split(f'data-slot="{slot}">')[1])[0])


def _map_rows() -> list[dict]:
    stage = {"stage_number": 1, "stage": "decision", "stage_label_en": "Decision", "currency": "EUR"}
    share = {**bounded("journey_share", 0.25, 0.24, 0.26), "journey_count": 7959}
    return [
        row_of("journey_map", **stage, **share, touchpoint="all", touch_count=3000, n=3336,
               **bounded("emotion_index", 22.0, 18.1, 25.8)),
        row_of("journey_map", **stage, **share, touchpoint="payment_failure", touchpoint_label_en="Payment failure",
               touch_count=421, friction_value_amount=Decimal("12440.39"),
               friction_value_low_amount=Decimal("11006.65"), friction_value_high_amount=Decimal("13874.14")),
        row_of("journey_map", **stage, touchpoint="order", touchpoint_label_en="Order", **HIDDEN),
    ]  # fmt: skip


def test_the_map_draws_touches_emotion_and_money_and_lists_what_it_cannot_show(release, facts, write):
    write("journey_map", _map_rows())
    html = render_report(release, facts)
    picture = re.search(r'<svg[^>]*class="chart map".*?</svg>', html, re.DOTALL).group(0)
    assert "+22.0 · n 3,336" in picture
    assert "€12,440" in picture
    assert "25.0% of journeys (24.0% to 26.0%, n 7,959)" in picture
    assert ">Order<" not in picture
    assert "1 more" in picture
    part = _part(html, "journey_map")
    assert "Order Decision suppressed (k<10)" in part.replace("&lt;", "<")
    assert "€12,440 €11,007 to €13,874" in part


def test_the_map_has_a_lane_for_each_channel_and_one_for_the_rest(release, facts, write):
    def met(name, channel, count):
        return row_of("journey_map", stage_number=1, stage="decision", stage_label_en="Decision", touchpoint=name,
                      touchpoint_label_en=name.title(), touch_count=count, channel=channel,
                      channel_label_en=channel and f"By {channel}", journey_count=9)  # fmt: skip

    write("journey_map", [met("order", "web", 50), met("call", "phone", 90), met("rare", None, 20)])
    html = render_report(release, facts)
    picture = re.search(r'<svg[^>]*class="chart map".*?</svg>', html, re.DOTALL).group(0)
    tops = {name: float(y) for y, name in re.findall(r'y="([\d.]+)"[^>]*>([^<]+)</text>', picture)}
    assert tops["By phone"] < tops["By web"] < tops["Other channels"]
    assert tops["By phone"] <= tops["Call"] < tops["By web"] <= tops["Order"] < tops["Other channels"] <= tops["Rare"]
    assert "Call Decision · By phone 90" in _part(html, "journey_map")


def test_a_stage_nobody_answered_about_has_no_point(release, facts, write):
    rows = [row | {"emotion_index": None, "emotion_index_low": None, "emotion_index_high": None} for row in _map_rows()]
    write("journey_map", rows)
    assert "no answers" in re.search(r'class="chart map".*?</svg>', render_report(release, facts), re.DOTALL).group(0)


def test_strengths_say_gap_n_and_verdict(release, facts, write):
    weak = row_of("journey_strengths", stage="retention", stage_label_en="Retention", touchpoint="complaint",
                  touchpoint_label_en="Complaint", n=104, best_rank=5, worst_rank=1, verdict="weakness",
                  **bounded("emotion_gap", -113.5, -117.0, -110.0))  # fmt: skip
    write("journey_strengths", [weak, weak | {"touchpoint": "chat", "touchpoint_label_en": "Chat", **HIDDEN}])
    part = _part(render_report(release, facts), "strengths").replace("&lt;", "<")
    assert "Complaint Retention −113.5 −117.0 to −110.0 n 104 1 to 5 weakness" in part
    assert "Chat Retention suppressed (k<10)" in part


def test_a_moment_not_shown_to_matter_has_no_rank_and_says_so(release, facts, write):
    moment = row_of("moments_of_truth", stage="decision", touchpoint="order", touchpoint_label_en="Order", n=1260,
                    outcome="purchase_90d", bad_count=427, good_count=833, bad_outcome_rate=0.439, q_value=0.077,
                    good_outcome_rate=0.509, is_shown_to_matter=False,
                    **bounded("effect", 0.07, 0.013, 0.126))  # fmt: skip
    write("moments_of_truth", [moment])
    part = _part(render_report(release, facts), "moments")
    assert "Order Purchase within 90 days +7.0 pts +1.3 to +12.6 pts n 1,260" in part
    assert "50.9% of 833, 43.9% of 427 not shown to matter · q 0.077" in part


def test_effectiveness_puts_the_methods_of_a_touchpoint_side_by_side(release, facts, write):
    shown = {"touchpoint": "search", "touchpoint_label_en": "Search", "n": 1311}
    rows = [
        row_of("touchpoint_effectiveness", **shown, method=method, **bounded("credited_share", share, 0.01, 0.2))
        for method, share in (("first", 0.05), ("last", 0.06), ("linear", 0.07), ("removal", 0.08))
    ]
    rows[-1] |= bounded("removal_effect", 0.308, 0.296, 0.321)
    write("touchpoint_effectiveness", rows)
    part = _part(render_report(release, facts), "effectiveness")
    assert re.search(r"Search 30.8% 29.6% to 32.1% n 1,311 8.0% .* 5.0% .* 6.0% .* 7.0%", part)


def test_steps_between_touchpoints_are_named_and_hidden_ones_counted(release, facts, write):
    write("journey_map", _map_rows())
    step = row_of("touchpoint_transitions", scope="session", window_days=90, from_touchpoint="start",
                  to_touchpoint="payment_failure", transition_count=100, traveller_count=90, n=400,
                  **bounded("transition_share", 0.25, 0.2, 0.3))  # fmt: skip
    write("touchpoint_transitions", [step, step | {"to_touchpoint": "order", "transition_count": None, **HIDDEN}])
    part = _part(render_report(release, facts), "transitions")
    assert "Start of the visit → Payment failure 100 25.0% 20.0% to 30.0% n 400" in part
    assert "1 steps are suppressed." in part
    assert "→ Order" not in part


def test_themes_carry_share_sentiment_change_and_newness(release, facts, write):
    theme = row_of("verbatim_themes", window_days=90, theme="delivery", label_en="Delivery", owner="logistics",
                   verbatim_count=469, n=85, is_emerging=True, **bounded("share", 0.181, 0.146, 0.222),
                   **bounded("sentiment", -0.218, -0.365, -0.071), **bounded("change", -0.03, -0.09, 0.03))  # fmt: skip
    write("verbatim_themes", [theme, theme | {"theme": "old", "window_days": 365, "label_en": "Other window"}])
    part = _part(render_report(release, facts), "themes")
    assert "469 texts in the last 90 days" in part
    assert "18.1% 14.6% to 22.2% n 85 −0.22 −0.36 to −0.07 −3.0 pts −9.0 to +3.0 pts emerging" in part
    assert "Other window" not in part


def test_initiatives_of_all_segments_stand_under_all_and_those_of_a_segment_under_it(release, facts, write):
    effect = row_of("initiative_results", segment_dimension="region", segment="north", initiative_id="1",
                    name="One click", starts_on=date(2024, 1, 1), kpi_label_en="Abandonment", unit="ratio",
                    status="indicative", n=156,
                    before_value=0.436, after_value=0.456, cost_amount=Decimal("24000.00"), currency="EUR",
                    **bounded("effect", 0.054, -0.01, 0.12))  # fmt: skip
    write("initiative_results", [effect])
    part = _part(render_report(release, facts), "initiatives")
    assert (
        "One click North · from 2024-01-01 Abandonment indicative 43.6% to 45.6% +5.4 pts −1.0 to +12.0 pts n 156"
        in part
    )
    assert "€24,000 no value" in part


def test_a_rule_that_found_nothing_says_where_it_looked(release, facts, write):
    rule = row_of("cross_kpi_findings", rule_id="r", rule_label_en="High effort, many leave", severity="high",
                  owner="cx", rule_outcome="nothing_found", condition_number=0, action_en="Simplify",
                  evaluated_segment_count=37)  # fmt: skip
    write("cross_kpi_findings", [rule])
    assert "High effort, many leave high · owner: cx nothing found · in 37 segments Simplify" in _part(
        render_report(release, facts), "findings"
    )


def test_a_persona_sheet_brings_its_tables_together(release, facts, write):
    loyal = {"segment_dimension": "persona", "segment": "loyal"}
    write("dim_segments", [row_of("dim_segments", **loyal, dimension_label_en="Persona", label_en="Loyal ones",
                                  description_en="Buys often", segment_customer_count=108, is_available=True,
                                  **bounded("customer_share", 0.058, 0.05, 0.07))])  # fmt: skip
    write("journey_map", [row | loyal for row in _map_rows()])
    section = _section(render_report(release, facts), "personas")
    assert "Loyal ones Buys often" in section
    assert "5.8% 5.0% to 7.0% n 108" in section
    assert "Decision 25.0% 24.0% to 26.0% n 7,959" in section


@pytest.mark.parametrize(
    ("table", "slot"),
    [("segment_enablers", "enablers"), ("cx_value", "experience_value"), ("channel_coherence", "coherence"),
     ("alerts", "alerts"), ("segment_survival", "survival")],
)  # fmt: skip
def test_an_absent_table_is_named_and_one_without_a_row_for_a_segment_too(release, facts, table, slot):
    assert f"The table {table} was not published." in _part(render_report(release, facts), slot)


def test_the_query_beside_a_part_is_answered_by_the_table_it_names(release, facts, write):
    write("journey_map", [row | {"segment": "o'hara"} for row in _map_rows()] + _map_rows())
    write("verbatim_themes", [row_of("verbatim_themes", window_days=90, theme="delivery", verbatim_count=9, n=5)])
    html = render_report(release, facts)
    queries = [unescape(found) for found in re.findall(r"<pre><code>(from .*?)</code></pre>", html, re.DOTALL)]
    assert len(queries) == 8
    with connection() as opened:
        for query in queries:
            table = query.split()[1]
            opened.execute(f"create or replace view {table} as from {literal(str(release / table))[:-1]}.parquet'")
            assert opened.execute(query).fetchall()
