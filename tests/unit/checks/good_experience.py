"""Rows that pass the suites of how the journey feels: one good row per table."""

from typing import Any

EXPERIENCE_ROWS: dict[str, dict[str, Any]] = {
    "journey_map": {
        "stage": "decision", "touchpoint": "order", "touch_count": 100, "journey_share": 0.4, "journey_share_low": 0.3,
        "journey_share_high": 0.5, "journey_count": 200, "emotion_index": 20.0, "emotion_index_low": 10.0,
        "emotion_index_high": 30.0, "n": 100, "csat": 0.6, "csat_low": 0.5, "csat_high": 0.7, "csat_n": 100,
        "effort": 40.0, "effort_low": 30.0, "effort_high": 50.0, "effort_n": 100, "waiting_minutes": 3.0,
        "waiting_minutes_low": 2.0, "waiting_minutes_high": 4.0, "waiting_minutes_n": 100,
        "friction_value_amount": 100.0, "friction_value_low_amount": 50.0, "friction_value_high_amount": 150.0,
        "currency": "EUR",
    },
    "journey_strengths": {
        "stage": "decision", "touchpoint": "order", "emotion_gap": 10.0, "emotion_gap_low": 5.0,
        "emotion_gap_high": 15.0, "n": 100, "best_rank": 1, "worst_rank": 2, "verdict": "strength",
    },
    "touchpoint_effectiveness": {
        "touchpoint": "search", "method": "removal", "n": 100, "credited_customer_count": 30,
        "credited_conversions": 20.0, "credited_share": 0.2, "credited_share_low": 0.1, "credited_share_high": 0.3,
        "removal_effect": 0.5, "removal_effect_low": 0.4, "removal_effect_high": 0.6,
    },
    "moments_of_truth": {
        "stage": "decision", "touchpoint": "order", "outcome": "purchase_90d", "n": 300, "bad_count": 100,
        "good_count": 200, "bad_outcome_rate": 0.2, "good_outcome_rate": 0.4, "effect": 0.2, "effect_low": 0.1,
        "effect_high": 0.3, "p_value": 0.001, "q_value": 0.004, "is_shown_to_matter": True, "moment_rank": 1,
    },
    "cx_value": {
        "measure": "nps", "band": "all", "currency": "EUR", "n": 100, "retention_rate": 0.4,
        "retention_rate_low": 0.3, "retention_rate_high": 0.5, "spend_mean_amount": 50.0,
        "spend_mean_low_amount": 40.0, "spend_mean_high_amount": 60.0, "clv_mean_amount": 90.0,
        "clv_mean_low_amount": 80.0, "clv_mean_high_amount": 100.0, "point_value_amount": 0.1,
        "point_value_low_amount": -0.1, "point_value_high_amount": 0.3,
    },
    "channel_coherence": {
        "kpi_id": "csat", "channel": "phone", "n": 100, "value": 0.4, "value_low": 0.3, "value_high": 0.5,
        "gap_customer_count": 40, "gap": -0.1, "gap_low": -0.2, "gap_high": 0.1, "verdict": "coherent",
    },
    "initiative_results": {
        "initiative_id": "INI1", "period_days": 84, "kpi_id": "csat", "status": "measured", "n": 100,
        "control_count": 6, "effect": 0.1, "effect_low": 0.0, "effect_high": 0.2, "placebo_p_value": 0.2,
        "gain_amount": 100.0, "gain_low_amount": 0.0, "gain_high_amount": 200.0, "return_on_cost": 0.0,
        "return_on_cost_low": -1.0, "return_on_cost_high": 1.0,
    },
}  # fmt: skip
