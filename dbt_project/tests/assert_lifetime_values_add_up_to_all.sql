-- Harm prevented: a customer valued twice, or in no segment of a dimension, makes the lifetime value of the segments
-- another sum than that of everybody.
with lifetime_values as (
    select * from {{ ref('fct_customer_lifetime_values') }}
),

segmented as (
    {{ by_segment('lifetime_values', 'as_of_date') }}
),

dimensions as (
    select
        method,
        horizon,
        segment_dimension,
        count(*) as customer_count,
        sum(clv_amount) as clv_amount,
        sum(value_at_risk_amount) as value_at_risk_amount,
        sum(expected_order_count) as expected_order_count
    from segmented
    group by method, horizon, segment_dimension
)

select dimensions.*
from dimensions
inner join dimensions as whole
    on
        dimensions.method = whole.method
        and dimensions.horizon = whole.horizon
        and whole.segment_dimension = 'all'
where
    dimensions.customer_count <> whole.customer_count
    or dimensions.clv_amount is distinct from whole.clv_amount
    or dimensions.value_at_risk_amount is distinct from whole.value_at_risk_amount
    or dimensions.expected_order_count is distinct from whole.expected_order_count
