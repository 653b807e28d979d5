"""A release with every table the page reads: three segments, one of them suppressed, one with hostile names.

Belongs here: rows of tables that tests of a single part do not need. Does not belong here: assertions.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.unit.report.published_rows import (
    AS_OF,
    bounded,
    clv_row,
    cohort_row,
    friction_row,
    funnel_row,
    kpi_row,
    retention_row,
    row_of,
)

HOSTILE = "<img src=x onerror=alert(1)>"
SEGMENTS = (("all", "all", "All customers"), ("region", "north", HOSTILE), ("region", "south", "South"))
STAGES = ("discovery", "decision", "delivery", "loyalty")


def write_complete(write: Callable[[str, list[dict[str, Any]]], None]) -> None:
    """Write every table, each segment with rows of its own."""
    for table, make in _TABLES.items():
        rows = [row for place, key in enumerate(SEGMENTS) for row in _of_segment(make, place, key)]
        write(table, rows)
    for table, rows in {**_WHOLE, "data_coverage": _coverage(), "data_quality": _quality()}.items():
        write(table, rows)


def _of_segment(make: Callable[[int], list[dict[str, Any]]], place: int, key: tuple[str, str, str]) -> list[dict]:
    """The rows of one segment; those of the last are suppressed."""
    own = {"segment_dimension": key[0], "segment": key[1]}
    hidden = {"is_suppressed": True} if key[1] == "south" else {}
    return [row | own | {name: value for name, value in hidden.items() if name in row} for row in make(place)]


def _amounts(name: str, value: int) -> dict[str, Decimal]:
    ends = {"": value, "_low": value * 9 // 10, "_high": value * 11 // 10}
    return {f"{name}{end}_amount": Decimal(f"{each}.00") for end, each in ends.items()}


def _kpis(place: int) -> list[dict]:
    kpis = (("repeat_rate", "loyalty", "Repeat rate", "ratio", 0.30), ("nps", "loyalty", "NPS", "points", 24.0),
            ("net_revenue", "value", "Net revenue", "amount", 12345.0))  # fmt: skip
    rows = []
    for number, (kpi_id, group, label, unit, base) in enumerate(kpis):
        for days in (7, 28, 90, 365):
            value = base * (1 + place / 10 + days / 1000)
            names = {"label_en": label, "label_fr": f"{label} (fr)", "unit": unit, "kpi_group": group}
            rows.append(kpi_row(kpi_id=kpi_id, window_days=days, n=1000 + 10 * days + place + number, **names,
                                **bounded("value", value, value * 0.9, value * 1.1),
                                **bounded("previous_value", value * 0.8, value * 0.75, value * 0.85)))  # fmt: skip
    reason = "nothing in this window is mature yet: it takes 60 days"
    blank = dict.fromkeys(("value", "value_low", "value_high", "numerator", "denominator", "previous_value"))
    return [*rows, *(kpi_row(kpi_id="late", label_en="Late", label_fr="Tardif", window_days=days, is_available=False,
                             unavailable_reason=reason, **blank) for days in (7, 28))]  # fmt: skip


def _history(_: int) -> list[dict]:
    return [row_of("kpi_daily", kpi_id="repeat_rate", metric_date=AS_OF - timedelta(days=back),
                   value=0.3 + back / 1000) for back in range(60)]  # fmt: skip


def _funnels(place: int) -> list[dict]:
    nothing = dict.fromkeys(("converted_count", "dropped_count", "pending_count", "conversion_rate"))
    return [funnel_row(step=step, step_id=stage, step_label_en=stage.title(), step_label_fr=f"{stage} (fr)",
                       entrant_count=1000 - 200 * step - place, **(nothing if step == 4 else {}))
            for step, stage in enumerate(STAGES, 1)]  # fmt: skip


def _map(place: int) -> list[dict]:
    rows = []
    for number, stage in enumerate(STAGES, 1):
        whole = row_of("journey_map", stage=stage, stage_number=number, stage_label_en=stage.title(),
                       stage_label_fr=f"{stage} (fr)", touchpoint="all", touch_count=3000 + place, currency="EUR",
                       journey_count=900, n=310 + number, csat_n=50, effort_n=40,
                       **bounded("journey_share", 0.9 - number / 10, 0.4, 0.95), **bounded("csat", 0.7, 0.6, 0.8),
                       **bounded("effort", 2.4, 2.2, 2.6),
                       **bounded("emotion_index", 20.0 - 9 * number, 5.0 - 9 * number, 35.0 - 9 * number))  # fmt: skip
        met = whole | {"touchpoint": f"{stage}_page", "touchpoint_label_en": f"{stage.title()} page",
                       "touchpoint_label_fr": f"Page {stage}", "touch_count": 400 * number,
                       **(_WEB if number < 3 else _MAIL)}  # fmt: skip
        pain = met | {"touchpoint": f"{stage}_error", "touchpoint_label_en": HOSTILE, "touchpoint_label_fr": HOSTILE}
        rows += [whole, met, pain | _amounts("friction_value", 5000 * number)]
    return rows


def _flows(place: int) -> list[dict]:
    steps = [("start", "discovery_page"), ("discovery_page", "decision_page"), ("decision_page", "left")]
    return [row_of("touchpoint_transitions", scope="session", window_days=days, from_touchpoint=start,
                   to_touchpoint=end, transition_count=days * (place + 2), traveller_count=80, n=400,
                   **bounded("transition_share", 0.25, 0.2, 0.3))
            for days in (28, 90) for start, end in steps]  # fmt: skip


def _themes(place: int) -> list[dict]:
    return [row_of("verbatim_themes", window_days=days, theme="delivery", label_en="Delivery", label_fr="Livraison",
                   owner="logistics", verbatim_count=400 + days, n=days + place, is_emerging=True,
                   **bounded("share", 0.1 + days / 1000, 0.1, 0.6), **bounded("sentiment", -0.2, -0.3, -0.1),
                   **bounded("change", 0.03, 0.01, 0.05)) for days in (90, 365)]  # fmt: skip


def _one(table: str, **values: Any) -> Callable[[int], list[dict]]:
    return lambda _: [row_of(table, **values)]


_WEB = {"channel": "web", "channel_label_en": "Website", "channel_label_fr": "Site web"}
_MAIL = {"channel": "email", "channel_label_en": "E-mail", "channel_label_fr": "E-mail"}
_PLACE = {"stage": "decision", "stage_label_en": "Decision", "stage_label_fr": "Décision", "touchpoint": "order",
          "touchpoint_label_en": "Order", "touchpoint_label_fr": "Commande"}  # fmt: skip
_TOUCH = {"touchpoint": "search", "touchpoint_label_en": "Search", "touchpoint_label_fr": "Recherche"}

_TABLES: dict[str, Callable[[int], list[dict]]] = {
    "kpi_latest": _kpis,
    "kpi_daily": _history,
    "funnel_steps": _funnels,
    "journey_map": _map,
    "touchpoint_transitions": _flows,
    "verbatim_themes": _themes,
    "segment_retention": lambda _: [
        retention_row(period_start=date(2024, month, 1), is_mature=month < 3) for month in (1, 2, 3)
    ],
    "segment_cohorts": lambda _: [cohort_row(periods_since_first_order=month) for month in (1, 2)],
    "segment_survival": lambda _: [
        row_of("segment_survival", activity_window_days=90, weeks_since_first_order=week, at_risk_count=300 - week,
               event_count=2, **bounded("survival_rate", 1 - week / 50, 0.9 - week / 50, 1.0)) for week in range(9)
    ],
    "segment_clv": lambda place: [clv_row(clv_mean_amount=Decimal(75 + place))],
    "segment_friction_ranking": lambda place: [
        friction_row(affected_count=200 + place),
        friction_row(friction_rank=None, friction_type="slow", label_en=HOSTILE, label_fr=HOSTILE, action_en=HOSTILE,
                     action_fr=HOSTILE, is_shown_to_matter=False, quadrant=None),
    ],
    "segment_enablers": _one(
        "segment_enablers", enabler_rank=1, rank_low=1, rank_high=2, enabler_type="wallet", label_en="Wallet",
        label_fr="Portefeuille", owner="it", effort_days=5.0, action_en="Show it", action_fr="Le montrer",
        outcome="purchase_30d", journey_count=900, helped_count=120, currency="EUR", is_shown_to_help=True,
        **bounded("effect", 0.1, 0.05, 0.15), **_amounts("value_gained", 4000),
    ),
    "journey_strengths": _one(
        "journey_strengths", **_PLACE, n=104, best_rank=1, worst_rank=2, verdict="strength",
        **bounded("emotion_gap", 13.5, 10.0, 17.0),
    ),
    "moments_of_truth": _one(
        "moments_of_truth", **{name: _PLACE[name] for name in _PLACE if not name.startswith("stage_label")},
        moment_rank=1, outcome="purchase_90d", n=1260, bad_count=427, good_count=833, bad_outcome_rate=0.44,
        good_outcome_rate=0.51, q_value=0.01, is_shown_to_matter=True, **bounded("effect", 0.07, 0.013, 0.126),
    ),
    "touchpoint_effectiveness": lambda _: [
        row_of("touchpoint_effectiveness", **_TOUCH, n=1311, method=method, **bounded("credited_share", 0.1, 0.05, 0.2),
               **bounded("removal_effect", 0.3, 0.29, 0.32)) for method in ("first", "last", "linear", "removal")
    ],
    "cx_value": _one(
        "cx_value", measure="nps", band="promoter", label_en="Promoters", label_fr="Promoteurs", follow_up_days=180,
        currency="EUR", n=320, **bounded("retention_rate", 0.5, 0.45, 0.55), **_amounts("spend_mean", 90),
        **_amounts("clv_mean", 120), **_amounts("point_value", 2),
    ),
    "channel_coherence": _one(
        "channel_coherence", kpi_id="emotion_index", channel="web", channel_label_en="Web", channel_label_fr="Web",
        n=420, gap_customer_count=90, verdict="coherent", **bounded("value", 12.0, 8.0, 16.0),
        **bounded("gap", 1.0, -2.0, 4.0),
    ),
    "cross_kpi_findings": _one(
        "cross_kpi_findings", rule_id="effort", rule_label_en="High effort", rule_label_fr="Effort élevé",
        severity="high", owner="cx", rule_outcome="found", condition_number=1, window_days=90, kpi_label_en="Effort",
        kpi_label_fr="Effort", unit="score", comparison="above", n=200, action_en="Simplify", action_fr="Simplifier",
        **bounded("value", 3.4, 3.2, 3.6), **bounded("difference", 0.6, 0.3, 0.9),
    ),
    "initiative_results": _one(
        "initiative_results", initiative_id="1", name=HOSTILE, starts_on=date(2024, 1, 1), period_days=28,
        kpi_id="repeat_rate", kpi_label_en="Repeat rate", kpi_label_fr="Taux de réachat", unit="ratio",
        direction="higher_is_better", status="indicative", n=150, control_count=400, before_value=0.3, after_value=0.4,
        cost_amount=Decimal("2000.00"), currency="EUR", **bounded("effect", 0.1, 0.05, 0.15), **_amounts("gain", 9000),
        **bounded("return_on_cost", 3.5, 1.0, 6.0),
    ),
    "alerts": lambda place: [
        row_of("alerts", alert_id=f"a{place}", opened_on=date(2024, 3, 20), severity="critical", state="open", n=90,
               kpi_id="repeat_rate",
               owner="it", what_en="Repeat rate fell", what_fr="Le taux de réachat a baissé", why_en=HOSTILE,
               why_fr=HOSTILE)
    ],
    "dim_segments": lambda place: [
        row_of("dim_segments", dimension_label_en="Region" if place else "All", label_en=SEGMENTS[place][2],
               dimension_label_fr="Région" if place else "Tous", label_fr=SEGMENTS[place][2], is_available=True,
               description_en="Who they are", description_fr="Qui ils sont", segment_customer_count=500,
               **bounded("customer_share", 0.5, 0.4, 0.6), **bounded("revenue_share", 0.5, 0.4, 0.6))
    ],
}  # fmt: skip


def _weeks(place: int) -> list[dict]:
    monday = date(2024, 1, 1)
    weeks = []
    for step, stage in enumerate(STAGES, 1):
        for week in range(12):
            rate = 0.5 + week / 50
            is_over = week < 10
            weeks.append(row_of("funnel_steps_weekly", funnel_id="five_stage", step=step, step_id=stage,
                                entry_week=monday + timedelta(weeks=week), entrant_count=100 + week + place,
                                mature_entrant_count=90, is_mature=is_over, entry_step=1,
                                **bounded("conversion_rate" if is_over else "rate_provisional", rate, rate - 0.1,
                                          rate + 0.1)))  # fmt: skip
    return weeks


_TABLES["funnel_steps_weekly"] = _weeks
_TABLES["segment_clv_distribution"] = lambda place: [
    row_of("segment_clv_distribution", method="observed_revenue", horizon="to_date", band=band, currency="EUR",
           customer_count=50 + place, clv_mean_amount=Decimal(10 * band), value_share=band / 55,
           low_amount=None if band == 1 else Decimal(10 * band - 5),
           high_amount=None if band == 10 else Decimal(10 * band + 5))
    for band in range(1, 11)
]  # fmt: skip

_WHOLE = {
    "account_kpis": [
        row_of("account_kpis", window_days=days, kpi_id="nps", label_en="NPS", label_fr="NPS", unit="points",
               account_count=20 + days, n=100 + days, **bounded("value", 10.0 + days / 10, 5.0, 60.0))
        for days in (28, 90)
    ],
    "verbatim_terms": [
        row_of("verbatim_terms", comparison="detractors_against_promoters", language="fr", term=term,
               leaning="detractors", first_n=40, second_n=None, q_value=0.01 * number, is_distinctive=number == 1,
               is_bound=True, **bounded("log_odds", 1.5, 0.5, 2.5))
        for number, term in enumerate(("colis", HOSTILE), 1)
    ],
}  # fmt: skip


def _coverage() -> list[dict]:
    return [
        row_of("data_coverage", table_name="crm_orders", source="crm", is_required=True, is_available=True,
               extract_day_count=90, refused_day_count=1, first_extract_date=date(2024, 1, 1), last_extract_date=AS_OF,
               first_event_at=datetime(2024, 1, 1), last_event_at=datetime(2024, 3, 31),  # noqa: DTZ001 - UTC, as published
               received_count=1000, loaded_count=990, quarantined_count=5, duplicate_count=3, set_aside_count=2)
    ]  # fmt: skip


def _quality() -> list[dict]:
    return [row_of("data_quality", door="landing", table_name="crm_orders", extract_date=AS_OF,
                   expectation="expect_column_values_to_be_unique", column_name="order_id", severity="warning",
                   is_met=met, observed_value=HOSTILE, why=HOSTILE) for met in (True, False)]  # fmt: skip
