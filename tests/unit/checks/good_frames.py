"""Frames that pass each suite, one per table: what a good day and a good release look like.

Belongs here: small frames of published tables. Does not belong here: assertions.
"""

from typing import Any

import pandas as pd

from tests.unit.checks.good_experience import EXPERIENCE_ROWS

SEGMENT = {
    "segment_dimension": "all", "segment": "all", "is_mature": True, "is_small_n": False, "is_suppressed": False,
}  # fmt: skip
OTHER = {"segment_dimension": "customer_type", "segment": "B2B", "is_suppressed": True}

_UNSUPPRESSED = {
    "data_coverage", "data_coverage_daily", "kpi_restatements", "survey_polarities", "cross_kpi_findings",
    "funnel_definitions", "unmapped_touchpoints", "initiative_results", "verbatim_terms",
}  # fmt: skip


def _pair(row: dict[str, Any], measures: tuple[str, ...]) -> pd.DataFrame:
    """A shown row and a suppressed one, whose measures are empty."""
    other = OTHER | ({"fit_group": "B2B"} if "fit_group" in row else {})
    other |= {"segment_dimension": "device", "segment": "app"} if "entry_week" in row else {}
    other |= {"outcome": "visitor"} if "kind" in row else {}
    other |= {"window_days": 28} if "account_count" in row else {}
    return pd.DataFrame([{**SEGMENT, **row}, {**SEGMENT, **row, **other, **dict.fromkeys(measures)}])


def good_release(table: str) -> pd.DataFrame:
    """A good published table: a shown row, and a suppressed one where the table has suppression."""
    row = (_ROWS | EXPERIENCE_ROWS)[table]
    if table in _UNSUPPRESSED:
        return pd.DataFrame([row])
    keys = {
        "funnel_id", "funnel_label_en", "funnel_label_fr", "subject", "window_days", "entry_step", "step",
        "step_id", "entry_week", "kpi_id", "metric_date", "unit", "direction", "window_end", "is_available",
        "unavailable_reason", "period_start", "activity_window_days", "cohort_grain", "cohort_start",
        "periods_since_first_order", "weeks_since_first_order", "renewal_number", "fit_group", "model",
        "parameter", "decile", "status", "band", "is_fallback", "method", "horizon", "currency", "costs_included",
        "friction_type", "enabler_type", "effort_days", "outcome", "quadrant", "is_shown_to_matter",
        "is_shown_to_help", "trend", "is_passed", "label_en", "label_fr", "segment_basis", "month_start",
        "from_segment", "to_segment", "from_customer_count", "aspect", "aspect_value", "scope", "from_touchpoint",
        "to_touchpoint", "measure", "kind", "stage", "touchpoint", "channel", "theme", "friction_category",
        "owner", "is_emerging",
    }  # fmt: skip
    return _pair(row, tuple(name for name in row if name not in keys))


_VALUE = {
    "numerator": 40.0,
    "denominator": 100.0,
    "n": 100,
    "value": 0.4,
    "value_low": 0.3,
    "value_high": 0.5,
}

_ROWS: dict[str, dict[str, Any]] = {
    "verbatim_themes": {
        "window_days": 90, "window_end": "2024-03-01", "theme": "delivery", "label_en": "Delivery",
        "label_fr": "Livraison", "friction_category": "E5", "owner": "logistics", "verbatim_count": 500, "n": 100,
        "share": 0.2, "share_low": 0.17, "share_high": 0.23, "sentiment": -0.3, "sentiment_low": -0.4,
        "sentiment_high": -0.2, "classed_n": 80, "detractor_share": 0.5, "passive_share": 0.2, "promoter_share": 0.3,
        "previous_n": 50, "previous_share": 0.1, "change": 0.1, "change_low": 0.05, "change_high": 0.15,
        "q_value": 0.01, "is_emerging": True,
    },
    "verbatim_terms": {
        "comparison": "detractors_against_promoters", "language": "fr", "term": "retard", "leaning": "detractors",
        "first_n": 40, "second_n": 12, "log_odds": 1.2, "log_odds_low": 0.6, "log_odds_high": 1.8, "z_score": 3.9,
        "q_value": 0.01, "is_distinctive": True, "is_bound": False, "is_small_n": False,
    },
    "identity_coverage": {
        "measure": "identifiers", "kind": "email", "outcome": "tied", "identity_count": 900, "n": 1000, "share": 0.9,
        "share_low": 0.88, "share_high": 0.92, "is_available": True,
    },
    "account_kpis": {
        "kpi_id": "csat", "unit": "ratio", "direction": "higher_is_better", "window_days": 90,
        "window_end": "2024-03-01", "account_count": 60, "n": 100, "value": 0.4, "value_low": 0.3, "value_high": 0.5,
    },
    "funnel_definitions": {
        "funnel_id": "checkout", "funnel_kind": "process", "subject": "session", "window_days": 1.0, "step": 1,
        "step_id": "cart", "touchpoints": "cart_page", "is_available": True, "unavailable_reason": None,
    },
    "funnel_steps": {
        "funnel_id": "checkout", "subject": "session", "window_days": 1.0, "entry_step": 1, "step": 1,
        "step_id": "cart", "entrant_count": 100, "subject_count": 90, "converted_count": 40,
        "dropped_count": 50,
        "pending_count": 10, "mature_entrant_count": 80, "mature_converted_count": 36,
        "conversion_rate": 0.45,
        "conversion_rate_low": 0.35, "conversion_rate_high": 0.55, "tie_share": 0.01,
        "order_violation_rate": 0.1, "seconds_to_next_p25": 60, "seconds_to_next_p25_low": 50,
        "seconds_to_next_p25_high": 70, "seconds_to_next_median": 120, "seconds_to_next_median_low": 100,
        "seconds_to_next_median_high": 140, "seconds_to_next_p75": 300, "seconds_to_next_p75_low": 250,
        "seconds_to_next_p75_high": 400,
    },
    "funnel_steps_weekly": {
        "funnel_id": "checkout", "entry_step": 1, "step": 1, "step_id": "cart", "entry_week": "2024-02-26",
        "entrant_count": 100, "subject_count": 90, "converted_count": 40, "dropped_count": 50, "pending_count": 10,
        "mature_entrant_count": 80, "mature_converted_count": 36, "conversion_rate": 0.45,
        "conversion_rate_low": 0.35, "conversion_rate_high": 0.55, "tie_share": 0.01, "order_violation_rate": 0.1,
        "rate_provisional": 0.5, "rate_provisional_low": 0.4, "rate_provisional_high": 0.6, "provisional_days": 1.0,
    },
    "kpi_daily": {"kpi_id": "csat", "metric_date": "2024-03-01", **_VALUE},
    "kpi_latest": {
        "kpi_id": "csat", "unit": "ratio", "direction": "higher_is_better", "window_days": 28,
        "window_end": "2024-03-01", **_VALUE, "previous_value": 0.35, "previous_value_low": 0.3,
        "previous_value_high": 0.4, "previous_n": 90, "is_available": True, "unavailable_reason": None,
    },
    "dim_segments": {
        "label_en": "All", "label_fr": "Tous", "segment_basis": "none", "segment_customer_count": 100,
        "customer_share": 0.4, "customer_share_low": 0.3, "customer_share_high": 0.5, "revenue_share": 0.6,
        "revenue_share_low": 0.5, "revenue_share_high": 0.7,
    },
    "segment_migrations": {
        "month_start": "2024-03-01", "segment_dimension": "persona", "from_segment": "loyal", "to_segment": "hurried",
        "migrated_customer_count": 20, "from_customer_count": 100, "migration_share": 0.2, "migration_share_low": 0.1,
        "migration_share_high": 0.3,
    },
    "cross_kpi_findings": {
        "segment_dimension": "region", "segment": "north", "rule_id": "slow", "condition_number": 1,
        "rule_outcome": "found", "severity": "high", "action_en": "answer", "action_fr": "répondez", "n": 100,
        "value": 0.4, "value_low": 0.3, "value_high": 0.5, "comparison_low": 0.1, "comparison_high": 0.2,
        "difference": 0.25, "difference_low": 0.1, "difference_high": 0.4, "minimum_difference": 0.01,
        "evaluated_segment_count": 10, "found_segment_count": 1, "unevaluated_reason": None,
    },
    "segment_retention": {
        "period_start": "2024-03-01", "activity_window_days": 90, "start_customer_count": 200,
        "retained_customer_count": 150, "end_customer_count": 190, "new_customer_count": 30,
        "reactivated_customer_count": 10, "retention_rate": 0.75, "retention_rate_low": 0.68,
        "retention_rate_high": 0.81, "churn_rate": 0.25, "inactive_start_count": 100,
        "reactivation_rate": 0.1, "reactivation_rate_low": 0.05, "reactivation_rate_high": 0.17,
    },
    "segment_cohorts": {
        "cohort_grain": "month", "cohort_start": "2024-01-01", "periods_since_first_order": 2,
        "cohort_customer_count": 100, "active_customer_count": 30, "revenue_amount": 900.0, "active_rate": 0.3,
        "active_rate_low": 0.2, "active_rate_high": 0.4,
    },
    "segment_survival": {
        "activity_window_days": 90, "weeks_since_first_order": 2, "at_risk_count": 100, "event_count": 5,
        "survival_rate": 0.6, "survival_rate_low": 0.5, "survival_rate_high": 0.7,
    },
    "segment_second_purchases": {
        "period_start": "2024-01-01", "cohort_customer_count": 100, "returned_count": 30, "second_purchase_rate": 0.3,
        "second_purchase_rate_low": 0.2, "second_purchase_rate_high": 0.4,
    },
    "segment_contract_retention": {
        "renewal_number": 1, "is_available": True, "unavailable_reason": None, "currency": "EUR",
        "opportunity_count": 40, "renewed_count": 30, "lost_count": 10, "renewal_rate": 0.75, "renewal_rate_low": 0.6,
        "renewal_rate_high": 0.86, "up_for_renewal_amount": 4000.0, "renewed_amount": 4100.0,
        "revenue_retention_rate": 1.025, "revenue_retention_rate_low": 0.9, "revenue_retention_rate_high": 1.15,
        "gross_retention_rate": 0.75, "gross_retention_rate_low": 0.6, "gross_retention_rate_high": 0.9,
    },
    "journey_summary": {
        "funnel_id": "five_stage", "aspect": "start_reason", "aspect_value": "campaign", "label_en": "Campaign",
        "label_fr": "Campagne", "journey_total": 40, "journey_subject_count": 38, "n": 100, "journey_share": 0.4,
        "journey_share_low": 0.3, "journey_share_high": 0.5, "touchpoint_mean": 12.5,
    },
    "touchpoint_transitions": {
        "scope": "session", "window_days": 28, "from_touchpoint": "home_page", "to_touchpoint": "left",
        "transition_count": 40, "traveller_count": 30, "n": 100, "transition_share": 0.4,
        "transition_share_low": 0.3, "transition_share_high": 0.5,
    },
    "unmapped_touchpoints": {
        "source_table": "web_events", "source_value": "spin_the_wheel", "unmapped_count": 40, "value_count": 1,
        "first_on": "2024-03-01", "last_on": "2024-03-02",
    },
    "clv_diagnostics": {
        "fit_group": "all", "model": "mbg_nbd", "parameter": "r", "estimate": 0.5, "estimate_low": 0.4,
        "estimate_high": 0.6, "log_estimate_standard_error": 0.1, "log_likelihood": -9.5, "customer_count": 900,
        "repeater_count": 400, "spearman": 0.1, "status": "ok",
    },
    "clv_backtests": {
        "fit_group": "all", "model": "mbg_nbd", "decile": 0, "customer_count": 900, "predicted_count": 110.0,
        "actual_count": 100.0, "predicted_value_amount": 1100.0, "actual_value_amount": 1000.0, "currency": "EUR",
        "error_rate": 0.1, "error_standard_deviation": 0.05, "value_error_rate": 0.1,
        "value_error_standard_deviation": 0.06, "is_passed": True,
    },
    "segment_clv_distribution": {
        "method": "observed", "horizon": "to_date", "band": 1, "currency": "EUR", "customer_count": 90,
        "clv_amount": 900.0, "clv_mean_amount": 10.0, "low_amount": 1.0, "high_amount": 20.0, "value_share": 0.1,
    },
    "segment_clv": {
        "method": "observed", "horizon": "to_date", "currency": "EUR", "customer_count": 3,
        "valued_customer_count": 3, "is_fallback": False, "expected_order_count": 2.0, "p_alive_mean": 0.5,
        "p_alive_mean_low": 0.4, "p_alive_mean_high": 0.6, "value_at_risk_amount": 5.0, "value_at_risk_low_amount": 1.0,
        "value_at_risk_high_amount": 9.0, "cac_amount": 10.0, "cac_low_amount": 8.0, "cac_high_amount": 12.5,
        "clv_to_cac": 3.3, "clv_to_cac_low": 2.5, "clv_to_cac_high": 4.1, "payback_months": 2,
        "net_revenue_amount": 130.0, "costs_amount": 30.0, "costs_included": "goods",
        "relationship_years": 1.5,
        "annual_net_revenue_amount": 86.67, "clv_amount": 100.0, "clv_mean_amount": 33.33,
        "clv_mean_low_amount": 20.0, "clv_mean_high_amount": 46.0,
    },
    "segment_friction_ranking": {
        "friction_rank": 1, "friction_type": "payment_failed", "effort_days": 5.0,
        "outcome": "purchase_30d",
        "journey_count": 500, "affected_count": 100, "unmatched_count": 3, "affected_outcome_rate": 0.3,
        "comparable_outcome_rate": 0.5, "effect": 0.2, "effect_low": 0.1, "effect_high": 0.3,
        "lost_outcomes": 20.0,
        "lost_outcomes_low": 10.0, "lost_outcomes_high": 30.0, "value_at_stake_amount": 800.0,
        "value_at_stake_low_amount": 400.0, "value_at_stake_high_amount": 1200.0, "currency": "EUR",
        "p_value": 0.001, "q_value": 0.004, "is_shown_to_matter": True, "quadrant": "quick win",
        "rank_low": 1, "rank_high": 2, "overlap_count": 20, "evidence_count": 120, "effect_ratio": 0.6,
        "value_if_alone_amount": 900.0, "value_if_alone_low_amount": 500.0, "value_if_alone_high_amount": 1300.0,
        "recent_lost_outcomes": 5.0, "previous_lost_outcomes": 4.0, "trend": "steady", "is_available": True,
        "unavailable_reason": None,
    },
    "segment_enablers": {
        "enabler_rank": 1, "enabler_type": "reviews", "effort_days": 5.0, "outcome": "purchase_30d", "rank_low": 1,
        "rank_high": 2, "journey_count": 500, "helped_count": 100, "unmatched_count": 3, "helped_outcome_rate": 0.5,
        "comparable_outcome_rate": 0.3, "effect": 0.2, "effect_low": 0.1, "effect_high": 0.3, "gained_outcomes": 20.0,
        "gained_outcomes_low": 10.0, "gained_outcomes_high": 30.0, "value_gained_amount": 800.0,
        "value_gained_low_amount": 400.0, "value_gained_high_amount": 1200.0, "currency": "EUR", "p_value": 0.001,
        "q_value": 0.004, "is_shown_to_help": True,
    },
    "kpi_restatements": {
        "kpi_id": "csat", "metric_date": "2024-03-01", "segment_dimension": "all", "segment": "all",
        "previous_release_id": "2024-03-02-abc", "previous_n": 90, "n": 100, "previous_value": 0.35, "value": 0.4,
        "change": 0.05, "cause": "late_data", "late_row_count": 10, "corrected_row_count": 0,
        "is_code_changed": False, "is_definition_changed": False,
    },
    "survey_polarities": {
        "question_id": "ces", "survey_id": "all", "language": "all", "wave_start": "2024-03-01", "pair_count": 60,
        "correlation": -0.7, "adjusted_p_value": 1.0, "polarity": "agreed", "is_suppressed": False,
    },
    "survey_touchpoints": {
        "kpi_id": "csat", "window_days": 28, "asked_touchpoint": "support", "n": 100, "value": 0.4, "value_low": 0.3,
        "value_high": 0.5, "is_small_n": False,
    },
    "data_coverage_daily": {
        "table_name": "orders", "extract_date": "2024-03-01", "received_count": 100, "loaded_count": 99,
        "expected_count": 98.0, "expected_low": 68.3, "expected_high": 127.7, "is_unusual": False, "late_share": 0.01,
        "lateness_p50_days": 0, "lateness_p99_days": 2,
    },
    "data_coverage": {
        "table_name": "orders", "source": "crm", "is_required": True, "is_available": True,
        "extract_day_count": 3,
        "refused_day_count": 0, "received_count": 30, "loaded_count": 28, "quarantined_count": 0,
        "duplicate_count": 2, "set_aside_count": 0,
        "late_share": 0.01, "lateness_p50_days": 0, "lateness_p99_days": 2, "last_received_count": 100,
        "last_expected_count": 98.0, "last_expected_low": 68.3, "last_expected_high": 127.7, "unusual_day_count": 0,
        "repaired_cell_count": 3, "unrepaired_cell_count": 0, "drifted_day_count": 0, "expired_row_count": 0,
    },
}  # fmt: skip
