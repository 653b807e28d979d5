"""What a suppressed row may not show, and identities, as columns an expectation can judge.

Belongs here: the measures of each published table, and deriving columns from a frame. Does not belong here: the
identities themselves (``identities``), bounds (``expectations/published``).
"""

import numpy as np
import pandas as pd

from pipeline.checks.identities import identity_parts, identity_sql
from pipeline.warehouse import connection

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
    "account_kpis": ("account_count", "n", "value", "value_low", "value_high"),
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
        "friction_rank", "rank_low", "rank_high", "journey_count", "affected_count", "unmatched_count",
        "overlap_count", "evidence_count", "affected_outcome_rate",
        "comparable_outcome_rate", "effect", "effect_low", "effect_high", "effect_ratio", "lost_outcomes",
        "lost_outcomes_low", "lost_outcomes_high",
        "outcome_value_amount", "value_at_stake_amount", "value_at_stake_low_amount",
        "value_at_stake_high_amount", "value_if_alone_amount", "value_if_alone_low_amount",
        "value_if_alone_high_amount", "recent_lost_outcomes", "previous_lost_outcomes", "p_value", "q_value",
    ),
    "segment_enablers": (
        "enabler_rank", "rank_low", "rank_high", "journey_count", "helped_count", "unmatched_count",
        "helped_outcome_rate", "comparable_outcome_rate", "effect", "effect_low", "effect_high", "gained_outcomes",
        "gained_outcomes_low", "gained_outcomes_high", "value_gained_amount", "value_gained_low_amount",
        "value_gained_high_amount", "p_value", "q_value",
    ),
    "verbatim_themes": (
        "verbatim_count", "n", "share", "share_low", "share_high", "sentiment", "sentiment_low", "sentiment_high",
        "classed_n", "detractor_share", "passive_share", "promoter_share", "previous_n", "previous_share", "change",
        "change_low", "change_high", "q_value",
    ),
    "journey_map": (
        "touch_count", "journey_share", "journey_share_low", "journey_share_high", "journey_count",
        "emotion_index", "emotion_index_low", "emotion_index_high", "n", "csat", "csat_low", "csat_high",
        "csat_n", "effort", "effort_low", "effort_high", "effort_n", "waiting_minutes", "waiting_minutes_low",
        "waiting_minutes_high", "waiting_minutes_n", "friction_value_amount", "friction_value_low_amount",
        "friction_value_high_amount",
    ),
    "journey_strengths": (
        "emotion_gap", "emotion_gap_low", "emotion_gap_high", "n", "best_rank", "worst_rank",
    ),
    "touchpoint_effectiveness": (
        "n", "credited_customer_count", "credited_conversions", "credited_share", "credited_share_low",
        "credited_share_high", "removal_effect", "removal_effect_low", "removal_effect_high",
    ),
    "moments_of_truth": (
        "n", "bad_count", "good_count", "bad_outcome_rate", "good_outcome_rate", "effect", "effect_low",
        "effect_high", "p_value", "q_value", "moment_rank",
    ),
    "cx_value": (
        "n", "retention_rate", "retention_rate_low", "retention_rate_high", "spend_mean_amount",
        "spend_mean_low_amount", "spend_mean_high_amount", "clv_mean_amount", "clv_mean_low_amount",
        "clv_mean_high_amount", "point_value_amount", "point_value_low_amount", "point_value_high_amount",
    ),
    "channel_coherence": (
        "n", "value", "value_low", "value_high", "gap_customer_count", "gap", "gap_low", "gap_high",
    ),
}  # fmt: skip
"""Columns that must be empty in a suppressed row, by table. Labels, keys and seed values are no measures."""


def measures_of(table: str, columns: frozenset[str]) -> tuple[str, ...]:
    """Columns of a table that must be empty in a suppressed row, of those it has."""
    return tuple(name for name in _MEASURES.get(table, ()) if name in columns)


def with_identities(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame of a published table with the derived columns its suite judges.

    ``suppressed_measure_count`` counts measures a suppressed row still shows; further columns are gaps of the
    table's own identities. A table or column that is not there adds nothing: the suite then reports the
    derived column as missing.

    Args:
        table: name of the published table.
        frame: its rows, NumPy-backed (``frame_of``).
    """
    columns = frozenset(frame.columns)
    derived: dict[str, pd.Series] = {}
    if table in _MEASURES and "is_suppressed" in columns:
        is_suppressed = frame["is_suppressed"].eq(True)  # noqa: FBT003  empty counts as shown
        shown = frame[list(measures_of(table, columns))].notna().sum(axis=1)
        derived["suppressed_measure_count"] = shown.where(is_suppressed, 0)
    if parts := identity_parts(table, columns):
        numbers = pd.DataFrame({name: pd.to_numeric(frame[name]).astype(float) for name in parts})
        with connection(threads=1) as duck:
            duck.register("numbers", numbers)
            gaps = duck.execute(f"select {', '.join(identity_sql(table).values())} from numbers").fetchnumpy()
        for name, values in zip(identity_sql(table), gaps.values(), strict=True):
            derived[name] = pd.Series(np.ma.filled(np.ma.asarray(values, dtype=float), np.nan), index=frame.index)
    return frame.assign(**derived)
