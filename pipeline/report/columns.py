"""Which columns of which published table the page needs.

Belongs here: names. Does not belong here: how they are read or shown.
"""

from collections.abc import Mapping
from typing import Final

_SEGMENT: Final = "segment_dimension segment"
_FLAGS: Final = "is_small_n is_suppressed"


def _bounded(*names: str) -> str:
    """Values with the two ends of their intervals."""
    return " ".join(f"{name} {name}_low {name}_high" for name in names)


def _amounts(*names: str) -> str:
    """Amounts with the two ends of their intervals."""
    return " ".join(f"{name}_amount {name}_low_amount {name}_high_amount" for name in names)


# The columns named first are the order of the rows, so equal input gives an equal page. A star: in both languages.
COLUMNS: Final[Mapping[str, str]] = {
    "funnel_steps": (
        f"funnel_id {_SEGMENT} entry_step step step_id funnel_label* step_label* subject window_days "
        "entrant_count converted_count dropped_count pending_count mature_entrant_count "
        f"{_bounded('conversion_rate')} tie_share order_violation_rate is_mature {_FLAGS}"
    ),
    "kpi_daily": f"kpi_id {_SEGMENT} metric_date value is_mature is_suppressed",
    "kpi_latest": (
        f"kpi_group kpi_id {_SEGMENT} window_days label* unit direction window_end numerator denominator "
        f"baseline_denominator n {_bounded('value', 'previous_value')} previous_n is_mature is_available "
        f"unavailable_reason {_FLAGS}"
    ),
    "segment_retention": (
        f"{_SEGMENT} activity_window_days period_start start_customer_count retained_customer_count "
        f"new_customer_count reactivated_customer_count {_bounded('retention_rate')} is_mature {_FLAGS}"
    ),
    "segment_cohorts": (
        f"{_SEGMENT} cohort_start periods_since_first_order cohort_customer_count active_customer_count "
        f"{_bounded('active_rate')} is_mature {_FLAGS}"
    ),
    "segment_survival": (
        f"{_SEGMENT} activity_window_days weeks_since_first_order at_risk_count event_count "
        f"{_bounded('survival_rate')} {_FLAGS}"
    ),
    "segment_clv": (
        f"{_SEGMENT} method horizon model currency customer_count costs_amount costs_included relationship_years "
        f"annual_net_revenue_amount clv_amount {_amounts('clv_mean')} {_bounded('p_alive_mean')} "
        f"{_amounts('value_at_risk', 'cac')} {_bounded('clv_to_cac')} payback_months is_fallback {_FLAGS}"
    ),
    "segment_clv_distribution": (
        f"{_SEGMENT} method horizon band currency customer_count clv_mean_amount low_amount high_amount value_share "
        "is_suppressed"
    ),
    "account_kpis": (
        f"window_days label* kpi_id unit account_count n {_bounded('value')} {_FLAGS}"
    ),
    "funnel_steps_weekly": (
        f"funnel_id {_SEGMENT} entry_step step step_id entry_week entrant_count mature_entrant_count "
        f"{_bounded('conversion_rate', 'rate_provisional')} is_mature {_FLAGS}"
    ),
    "verbatim_terms": (
        f"comparison language term leaning first_n second_n {_bounded('log_odds')} q_value is_distinctive is_bound "
        "is_small_n"
    ),
    "segment_friction_ranking": (
        f"{_SEGMENT} friction_rank friction_type outcome label* owner effort_days action* rank_low rank_high "
        "journey_count affected_count unmatched_count affected_outcome_rate comparable_outcome_rate "
        f"{_bounded('effect')} {_amounts('value_at_stake')} currency q_value is_shown_to_matter quadrant is_available "
        f"unavailable_reason {_FLAGS}"
    ),
    "segment_enablers": (
        f"{_SEGMENT} enabler_rank enabler_type label* owner effort_days action* outcome rank_low rank_high "
        f"journey_count helped_count {_bounded('effect')} {_amounts('value_gained')} currency "
        f"is_shown_to_help {_FLAGS}"
    ),
    "journey_map": (
        f"{_SEGMENT} stage_number stage touchpoint stage_label* touchpoint_label* channel channel_label* touch_count "
        f"{_bounded('journey_share')} journey_count {_bounded('emotion_index')} n {_bounded('csat')} csat_n "
        f"{_bounded('effort')} effort_n {_amounts('friction_value')} currency {_FLAGS}"
    ),
    "journey_strengths": (
        f"{_SEGMENT} stage touchpoint stage_label* touchpoint_label* {_bounded('emotion_gap')} n best_rank worst_rank "
        f"verdict {_FLAGS}"
    ),
    "moments_of_truth": (
        f"{_SEGMENT} moment_rank stage touchpoint touchpoint_label* outcome n bad_count good_count bad_outcome_rate "
        f"good_outcome_rate {_bounded('effect')} q_value is_shown_to_matter {_FLAGS}"
    ),
    "touchpoint_effectiveness": (
        f"{_SEGMENT} touchpoint method touchpoint_label* n credited_customer_count credited_conversions "
        f"{_bounded('credited_share', 'removal_effect')} {_FLAGS}"
    ),
    "touchpoint_transitions": (
        f"{_SEGMENT} scope window_days from_touchpoint to_touchpoint transition_count traveller_count n "
        f"{_bounded('transition_share')} {_FLAGS}"
    ),
    "verbatim_themes": (
        f"{_SEGMENT} window_days theme label* friction_category owner verbatim_count n "
        f"{_bounded('share', 'sentiment')} detractor_share {_bounded('change')} is_emerging is_mature {_FLAGS}"
    ),
    "cx_value": (
        f"{_SEGMENT} measure band label* follow_up_days currency n {_bounded('retention_rate')} "
        f"{_amounts('spend_mean', 'clv_mean', 'point_value')} {_FLAGS}"
    ),
    "channel_coherence": (
        f"{_SEGMENT} kpi_id channel channel_label* n {_bounded('value', 'gap')} gap_customer_count verdict {_FLAGS}"
    ),
    "initiative_results": (
        f"{_SEGMENT} initiative_id name starts_on period_days kpi_id kpi_label* unit direction status n control_count "
        f"before_value after_value {_bounded('effect')} cost_amount {_amounts('gain')} {_bounded('return_on_cost')} "
        "currency is_small_n is_mature"
    ),
    "cross_kpi_findings": (
        f"{_SEGMENT} rule_id rule_label* severity owner rule_outcome condition_number window_days kpi_label* unit "
        f"comparison {_bounded('value')} n {_bounded('difference')} action* evaluated_segment_count "
        "unevaluated_reason is_small_n"
    ),
    "alerts": (
        f"{_SEGMENT} opened_on alert_id severity state resolved_on resolution n owner kpi_id what* why* is_suppressed"
    ),
    "dim_segments": (
        f"{_SEGMENT} dimension_label* label* description* segment_customer_count {_bounded('customer_share')} "
        f"{_bounded('revenue_share')} is_small_n is_available unavailable_reason is_suppressed"
    ),
    "data_coverage": (
        "table_name source is_required is_available extract_day_count refused_day_count "
        "first_extract_date last_extract_date first_event_at last_event_at received_count "
        "loaded_count quarantined_count duplicate_count set_aside_count"
    ),
    "data_quality": "door table_name extract_date expectation column_name severity is_met observed_value why",
}  # fmt: skip
