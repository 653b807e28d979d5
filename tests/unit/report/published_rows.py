"""Rows of published tables as a good release holds them; tests change what they are about.

Belongs here: one builder per table. Does not belong here: assertions.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.report.columns import COLUMNS

AS_OF = date(2024, 3, 31)
ALL = {"segment_dimension": "all", "segment": "all"}
FINAL = {"is_mature": True, "is_small_n": False, "is_suppressed": False}


def row_of(table: str, **values: Any) -> dict[str, Any]:
    """A row of any table the page reads: all customers, no flags, what is not given is unknown."""
    row: dict[str, Any] = {}
    for name in COLUMNS[table].split():
        bare = name.removesuffix("*")
        for column in (f"{bare}_en", f"{bare}_fr") if name.endswith("*") else (bare,):
            row[column] = {**ALL, **FINAL}.get(column)
    assert not set(values) - set(row), set(values) - set(row)
    return row | values


def bounded(name: str, value: float, low: float, high: float) -> dict[str, float]:
    """A value with the ends of its interval."""
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def kpi_row(**changes: Any) -> dict[str, Any]:
    row = {
        **ALL,
        "kpi_id": "repeat_rate",
        "kpi_group": "loyalty",
        "label_en": "Repeat rate",
        "label_fr": "Taux de réachat",
        "unit": "ratio",
        "direction": "higher_is_better",
        "window_days": 28,
        "window_end": AS_OF,
        "numerator": 300.0,
        "denominator": 1000.0,
        "baseline_denominator": None,
        "n": 1000,
        "value": 0.3,
        "value_low": 0.272,
        "value_high": 0.329,
        "previous_value": 0.2,
        "previous_value_low": 0.176,
        "previous_value_high": 0.226,
        "previous_n": 990,
        "is_available": True,
        "unavailable_reason": None,
        **FINAL,
    }
    return row | changes


def funnel_row(**changes: Any) -> dict[str, Any]:
    row = {
        **ALL,
        "funnel_id": "five_stage",
        "funnel_label_en": "Five stages",
        "funnel_label_fr": "Cinq étapes",
        "subject": "customer",
        "window_days": 180.0,
        "entry_step": 1,
        "step": 1,
        "step_id": "discovery",
        "step_label_en": "Discovery",
        "step_label_fr": "Découverte",
        "entrant_count": 1000,
        "converted_count": 500,
        "dropped_count": 400,
        "pending_count": 100,
        "mature_entrant_count": 800,
        "conversion_rate": 0.55,
        "conversion_rate_low": 0.515,
        "conversion_rate_high": 0.584,
        "tie_share": 0.01,
        "order_violation_rate": 0.02,
        **FINAL,
    }
    return row | changes


def clv_row(**changes: Any) -> dict[str, Any]:
    row = {
        **ALL,
        "method": "observed_revenue",
        "horizon": "to_date",
        "model": "none",
        "currency": "EUR",
        "customer_count": 400,
        "costs_amount": Decimal("0.00"),
        "costs_included": None,
        "relationship_years": 1.5,
        "annual_net_revenue_amount": Decimal("20000.00"),
        "clv_amount": Decimal("30000.00"),
        "clv_mean_amount": Decimal("75.00"),
        "clv_mean_low_amount": Decimal("70.00"),
        "clv_mean_high_amount": Decimal("80.00"),
        "p_alive_mean": None,
        "p_alive_mean_low": None,
        "p_alive_mean_high": None,
        "value_at_risk_amount": None,
        "value_at_risk_low_amount": None,
        "value_at_risk_high_amount": None,
        "cac_amount": None,
        "cac_low_amount": None,
        "cac_high_amount": None,
        "clv_to_cac": None,
        "clv_to_cac_low": None,
        "clv_to_cac_high": None,
        "payback_months": None,
        "is_fallback": False,
        "is_small_n": False,
        "is_suppressed": False,
    }
    return row | changes


def friction_row(**changes: Any) -> dict[str, Any]:
    row = {
        **ALL,
        "friction_rank": 1,
        "rank_low": 1,
        "rank_high": 2,
        "friction_type": "payment_failed",
        "outcome": "purchase_30d",
        "label_en": "Failed payment",
        "label_fr": "Paiement refusé",
        "category": "payment",
        "owner": "Payments",
        "effort_days": 10.0,
        "action_en": "Retry",
        "action_fr": "Réessayer",
        "journey_count": 2000,
        "affected_count": 200,
        "unmatched_count": 4,
        "affected_outcome_rate": 0.4,
        "comparable_outcome_rate": 0.6,
        "effect": -0.2,
        "effect_low": -0.26,
        "effect_high": -0.14,
        "value_at_stake_amount": Decimal("3200.00"),
        "value_at_stake_low_amount": Decimal("2100.00"),
        "value_at_stake_high_amount": Decimal("4300.00"),
        "currency": "EUR",
        "q_value": 0.001,
        "is_shown_to_matter": True,
        "quadrant": "quick win",
        "is_available": True,
        "unavailable_reason": None,
        "is_small_n": False,
        "is_suppressed": False,
    }
    return row | changes


def cohort_row(**changes: Any) -> dict[str, Any]:
    row = {
        **ALL,
        "cohort_grain": "month",
        "cohort_start": date(2024, 1, 1),
        "periods_since_first_order": 1,
        "cohort_customer_count": 200,
        "active_customer_count": 40,
        "active_rate": 0.2,
        "active_rate_low": 0.15,
        "active_rate_high": 0.26,
        **FINAL,
    }
    return row | changes


def retention_row(**changes: Any) -> dict[str, Any]:
    row = {
        **ALL,
        "activity_window_days": 90,
        "period_start": date(2024, 1, 1),
        "start_customer_count": 500,
        "retained_customer_count": 350,
        "new_customer_count": 60,
        "reactivated_customer_count": 20,
        "retention_rate": 0.7,
        "retention_rate_low": 0.658,
        "retention_rate_high": 0.739,
        **FINAL,
    }
    return row | changes
