"""Identities of published tables, as columns an expectation can judge.

Belongs here: what Great Expectations cannot say itself because it compares columns: sums, gaps, and whether a
suppressed row still shows a measure. Does not belong here: bounds (``expectations/published``). A gap is zero
where the identity holds and empty where one of its parts is.
"""

from collections.abc import Callable

import pandas as pd

_MONEY_ROUNDING = 0.005
_RATE_ROUNDING = 1e-6

_MEASURES: dict[str, tuple[str, ...]] = {
    "funnel_steps": (
        "entrant_count", "subject_count", "converted_count", "dropped_count", "pending_count",
        "mature_entrant_count", "mature_converted_count", "conversion_rate", "conversion_rate_low",
        "conversion_rate_high", "tie_share", "order_violation_rate", "seconds_to_next_p25", "seconds_to_next_p25_low",
        "seconds_to_next_p25_high", "seconds_to_next_median", "seconds_to_next_median_low",
        "seconds_to_next_median_high", "seconds_to_next_p75", "seconds_to_next_p75_low", "seconds_to_next_p75_high",
    ),
    "funnel_steps_weekly": (
        "entrant_count", "subject_count", "converted_count", "dropped_count", "pending_count",
        "mature_entrant_count", "mature_converted_count", "conversion_rate", "conversion_rate_low",
        "conversion_rate_high", "tie_share", "order_violation_rate", "rate_provisional", "rate_provisional_low",
        "rate_provisional_high", "provisional_days",
    ),
    "kpi_daily": (
        "numerator", "denominator", "baseline_numerator", "baseline_denominator", "n", "value", "value_low",
        "value_high",
    ),
    "kpi_latest": (
        "numerator", "denominator", "baseline_numerator", "baseline_denominator", "n", "value", "value_low",
        "value_high", "previous_value", "previous_value_low", "previous_value_high", "previous_n",
        "year_before_value", "year_before_value_low", "year_before_value_high", "year_before_n", "response_rate",
    ),
    "survey_touchpoints": ("n", "value", "value_low", "value_high"),
    "dim_segments": (
        "segment_customer_count", "customer_share", "customer_share_low", "customer_share_high", "revenue_share",
        "revenue_share_low", "revenue_share_high",
    ),
    "segment_migrations": (
        "migrated_customer_count", "migration_share", "migration_share_low", "migration_share_high",
    ),
    "segment_retention": (
        "start_customer_count", "retained_customer_count", "end_customer_count", "new_customer_count",
        "reactivated_customer_count", "retention_rate", "retention_rate_low", "retention_rate_high",
        "churn_rate", "inactive_start_count", "reactivation_rate", "reactivation_rate_low", "reactivation_rate_high",
    ),
    "segment_cohorts": (
        "cohort_customer_count", "active_customer_count", "active_rate", "active_rate_low",
        "active_rate_high", "revenue_amount",
    ),
    "segment_survival": (
        "at_risk_count", "event_count", "survival_rate", "survival_rate_low", "survival_rate_high",
    ),
    "segment_second_purchases": (
        "cohort_customer_count", "returned_count", "second_purchase_rate", "second_purchase_rate_low",
        "second_purchase_rate_high",
    ),
    "segment_contract_retention": (
        "opportunity_count", "renewed_count", "lost_count", "renewal_rate", "renewal_rate_low", "renewal_rate_high",
        "up_for_renewal_amount", "renewed_amount", "revenue_retention_rate", "revenue_retention_rate_low",
        "revenue_retention_rate_high", "gross_retention_rate", "gross_retention_rate_low", "gross_retention_rate_high",
    ),
    "segment_clv": (
        "customer_count", "valued_customer_count", "net_revenue_amount", "costs_amount", "relationship_years",
        "annual_net_revenue_amount", "expected_order_count", "clv_amount", "clv_mean_amount", "clv_mean_low_amount",
        "clv_mean_high_amount", "p_alive_mean", "p_alive_mean_low", "p_alive_mean_high", "value_at_risk_amount",
        "value_at_risk_low_amount", "value_at_risk_high_amount", "cac_amount", "cac_low_amount", "cac_high_amount",
        "clv_to_cac", "clv_to_cac_low", "clv_to_cac_high", "payback_months",
    ),
    "segment_clv_distribution": (
        "customer_count", "clv_amount", "clv_mean_amount", "low_amount", "high_amount", "value_share",
    ),
    "clv_diagnostics": (
        "estimate", "estimate_low", "estimate_high", "log_estimate_standard_error", "log_likelihood",
        "customer_count", "repeater_count", "spearman",
    ),
    "clv_backtests": (
        "customer_count", "predicted_count", "actual_count", "predicted_value_amount", "actual_value_amount",
        "error_rate", "error_standard_deviation", "value_error_rate", "value_error_standard_deviation",
    ),
    "identity_coverage": ("identity_count", "n", "share", "share_low", "share_high"),
    "journey_summary": (
        "journey_total", "journey_subject_count", "n", "journey_share", "journey_share_low", "journey_share_high",
        "touchpoint_mean",
    ),
    "touchpoint_transitions": (
        "transition_count", "traveller_count", "n", "transition_share", "transition_share_low",
        "transition_share_high",
    ),
    "segment_friction_ranking": (
        "friction_rank", "journey_count", "affected_count", "unmatched_count", "affected_outcome_rate",
        "comparable_outcome_rate", "effect", "effect_low", "effect_high", "lost_outcomes",
        "lost_outcomes_low", "lost_outcomes_high",
        "outcome_value_amount", "value_at_stake_amount", "value_at_stake_low_amount",
        "value_at_stake_high_amount", "p_value", "q_value",
    ),
}  # fmt: skip
"""Columns that must be empty in a suppressed row, by table. Labels, keys and seed values are no measures."""


def _funnel_steps(frame: pd.DataFrame) -> dict[str, pd.Series]:
    ends = frame["converted_count"] + frame["dropped_count"] + frame["pending_count"]
    return {"count_gap": frame["entrant_count"] - ends}


def _segment_retention(frame: pd.DataFrame) -> dict[str, pd.Series]:
    new = frame["new_customer_count"] + frame["reactivated_customer_count"]
    return {
        "end_count_gap": frame["end_customer_count"] - frame["retained_customer_count"] - new,
        "churn_gap": _beyond(frame["retention_rate"] + frame["churn_rate"] - 1, 2 * _RATE_ROUNDING),
    }


def _segment_clv(frame: pd.DataFrame) -> dict[str, pd.Series]:
    costs = frame["costs_amount"].fillna(0)
    per_customer = frame["clv_mean_amount"] * frame["valued_customer_count"]
    allowed = _MONEY_ROUNDING * (frame["valued_customer_count"] + 1)
    return {
        "value_gap": _beyond(frame["clv_amount"] - frame["net_revenue_amount"] + costs, 3 * _MONEY_ROUNDING),
        "mean_gap": _beyond(per_customer - frame["clv_amount"], allowed),
    }


def _segment_contract_retention(frame: pd.DataFrame) -> dict[str, pd.Series]:
    return {"contract_count_gap": frame["opportunity_count"] - frame["renewed_count"] - frame["lost_count"]}


_IDENTITIES: dict[str, Callable[[pd.DataFrame], dict[str, pd.Series]]] = {
    "funnel_steps": _funnel_steps,
    "funnel_steps_weekly": _funnel_steps,
    "segment_retention": _segment_retention,
    "segment_clv": _segment_clv,
    "segment_contract_retention": _segment_contract_retention,
}
_PARTS: dict[str, tuple[str, ...]] = {
    "funnel_steps": ("entrant_count", "converted_count", "dropped_count", "pending_count"),
    "funnel_steps_weekly": ("entrant_count", "converted_count", "dropped_count", "pending_count"),
    "segment_retention": (
        "end_customer_count", "retained_customer_count", "new_customer_count",
        "reactivated_customer_count", "retention_rate", "churn_rate",
    ),
    "segment_clv": (
        "costs_amount", "clv_mean_amount", "valued_customer_count", "clv_amount", "net_revenue_amount",
    ),
    "segment_contract_retention": ("opportunity_count", "renewed_count", "lost_count"),
}  # fmt: skip


def _beyond(gap: pd.Series, allowed: "pd.Series | float") -> pd.Series:
    """How far a gap goes beyond what rounding explains."""
    # A hair more than allowed, because the sums themselves are floats.
    return (gap.abs() - allowed - 1e-9).clip(lower=0)


def with_identities(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame of a published table with the derived columns its suite judges.

    ``suppressed_measure_count`` counts measures a suppressed row still shows; further columns are gaps of the
    table's own identities. A table or column that is not there adds nothing: the suite then reports the
    derived column as missing.

    Args:
        table: name of the published table.
        frame: its rows, NumPy-backed (``frame_of``).
    """
    derived: dict[str, pd.Series] = {}
    measures = [name for name in _MEASURES.get(table, ()) if name in frame.columns]
    if table in _MEASURES and "is_suppressed" in frame.columns:
        is_suppressed = frame["is_suppressed"].eq(True)  # noqa: FBT003  empty counts as shown
        derived["suppressed_measure_count"] = frame[measures].notna().sum(axis=1).where(is_suppressed, 0)
    if table in _IDENTITIES and set(_PARTS[table]) <= set(frame.columns):
        numbers = {name: pd.to_numeric(frame[name]).astype(float) for name in _PARTS[table]}
        derived |= _IDENTITIES[table](frame.assign(**numbers))
    return frame.assign(**derived)
