"""Columns and types of the truth, table by table, as readers rely on them."""

SCHEMAS = {
    "persons": "person_id BIGINT, customer_type VARCHAR, persona VARCHAR, region VARCHAR, country VARCHAR, "
    "language VARCHAR, acquisition_channel VARCHAR, order_rate_per_day DOUBLE, dropout_probability DOUBLE, "
    "order_value_mean DOUBLE, entered_at TIMESTAMP, registered_at TIMESTAMP, first_order_at TIMESTAMP, "
    "ended_at TIMESTAMP, exit_cause VARCHAR, is_customer BOOLEAN, is_alive_at_end BOOLEAN, "
    "expected_orders_12m DOUBLE, expected_value_12m DOUBLE",
    "identifiers": "person_id BIGINT, identifier_type VARCHAR, identifier VARCHAR, first_seen_at TIMESTAMP, "
    "is_linkable BOOLEAN, is_shared BOOLEAN",
    "journeys": "funnel_id VARCHAR, person_id BIGINT, subject VARCHAR, entry_number INTEGER, entry_step INTEGER, "
    "step INTEGER, reached_at TIMESTAMP, is_linkage_certain BOOLEAN, entry_state VARCHAR",
    "frictions": "friction_type VARCHAR, person_id BIGINT, occurred_at TIMESTAMP, device VARCHAR, "
    "customer_type VARCHAR, acquisition_channel VARCHAR, outcome VARCHAR, horizon_days BIGINT, "
    "probability_without DOUBLE, probability_with DOUBLE, value_amount DOUBLE, own_value_amount DOUBLE, "
    "cost_amount DOUBLE, is_effective BOOLEAN, is_measurable BOOLEAN",
    "verbatims": "source_table VARCHAR, row_id VARCHAR, theme VARCHAR, sentiment VARCHAR, language VARCHAR",
    "messes": "table VARCHAR, file VARCHAR, mess VARCHAR, row_count BIGINT, key VARCHAR",
}
