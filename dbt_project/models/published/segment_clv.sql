-- Customer lifetime value per segment by every method side by side. Each customer has one value per method and horizon,
-- fitted in one dimension; the rows of every dimension sum the same customers, so they add up to `all`.
with lifetime_values as (
    select * from {{ ref('fct_customer_lifetime_values') }}
),

customers as (
    select * from {{ ref('fct_customer_value') }}
),

errors as (
    select * from {{ ref('fct_prediction_errors') }}
),

paybacks as (
    select * from {{ ref('fct_acquisition_paybacks') }}
),

costs as (
    select * from {{ ref('int_costs__assessed') }}
),

valued as (
    select
        lifetime_values.*,
        coalesce(lifetime_values.clv_amount, 0) as cluster_x,
        cast(lifetime_values.clv_amount is not null as decimal(18, 4)) as cluster_n,
        case
            when lifetime_values.acquisition_cost_amount is not null
                then cast(lifetime_values.clv_before_acquisition_amount as decimal(19, 4))
        end as acquired_x,
        customers.net_revenue_amount,
        customers.costs_amount,
        customers.relationship_days
    from lifetime_values
    left join customers
        on lifetime_values.customer_key = customers.customer_key and lifetime_values.horizon = 'to_date'
),

segmented as (
    {{ by_segment('valued', 'as_of_date') }}
),

cells as (
    select
        segment_dimension,
        segment,
        method,
        horizon,
        string_agg(distinct model, ', ' order by model) as model,
        count(*) as customer_count,
        count(clv_amount) as valued_customer_count,
        sum(net_revenue_amount) as net_revenue_amount,
        sum(costs_amount) as costs_amount,
        sum(relationship_days) as relationship_days,
        sum(expected_order_count) as expected_order_count,
        sum(p_alive) as alive_count,
        sum(cast(p_alive as decimal(18, 6)) * cast(p_alive as decimal(18, 6))) as alive_xx,
        count(p_alive) as judged_count,
        sum(value_at_risk_amount) as value_at_risk_amount,
        sum(cast(value_at_risk_amount as decimal(19, 4)) * cast(value_at_risk_amount as decimal(19, 4))) as at_risk_xx,
        sum(clv_before_acquisition_amount) filter (where acquisition_cost_amount is not null) as acquired_amount,
        sum(acquired_x * acquired_x) as acquired_xx,
        count(clv_amount) filter (where acquisition_cost_amount is not null) as acquired_count,
        {{ largest_and_absolute(['clv_amount', 'net_revenue_amount', 'value_at_risk_amount']) }},
        bool_or(is_fallback) as is_fallback,
        string_agg(distinct fallback_reason, '; ' order by fallback_reason) as fallback_reason,
        {{ cluster_sums() }}
    from segmented
    group by all
),

bounded as (
    select
        cells.*,
        costs.costs_included as kinds_of_cost,
        paybacks.acquired_count as won_count,
        paybacks.cac_amount,
        paybacks.cac_log_standard_error,
        paybacks.payback_months,
        {{ acquired_half_width() }} as acquired_half_width,
        cast(cells.sum_x as double) / nullif(cells.valued_customer_count, 0) as mean_value,
        case
            when cells.method = 'contractual'
                then {{ z_95() }} * sqrt(cast(cells.sum_xx as double)) / nullif(cells.valued_customer_count, 0)
            when cells.method = 'predicted' and cells.valued_customer_count > 0
                then {{ z_95() }} * sqrt(errors.parameter_variance + errors.process_variance) / cells.valued_customer_count
            else {{ ratio_half_width() }}
        end as half_width
    from cells
    cross join costs
    left join errors
        on
            cells.segment_dimension = errors.segment_dimension
            and cells.segment = errors.segment
            and cells.horizon = errors.horizon
            and cells.method = 'predicted'
    left join paybacks
        on cells.segment_dimension = paybacks.segment_dimension and cells.segment = paybacks.segment
),

rated as (
    {{ clv_columns('bounded') }}
),

{{ suppress('rated', cell=['method', 'horizon'], measures=clv_measures()) }}

select * rename (published_customer_count as customer_count) from suppressed
