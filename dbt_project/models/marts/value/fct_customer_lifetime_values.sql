-- A customer's value by each method side by side. What was and what will be are never mixed: `observed` is to date, the
-- others look ahead only.
with customers as (
    select * from {{ ref('fct_customer_value') }}
),

transactions as (
    select * from {{ ref('int_customer_transactions__aggregated') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

predictions as (
    select * from {{ source('analysis', 'clv_predictions') }}
),

contract_values as (
    select * from {{ ref('fct_contract_values') }}
),

observed as (
    select
        customer_key,
        case when has_goods_cost then 'observed' else 'observed_revenue' end as method,
        'to_date' as horizon,
        net_revenue_amount - goods_cost_amount - service_cost_amount as before_acquisition_amount
    from customers
),

projected as (
    select
        customer_key,
        'projected_simple' as method,
        'lifetime' as horizon,
        last_12m_margin_amount * cast(least(
            {{ var('clv_lifetime_maximum_years') }}, 1.0 / greatest(1.0 - annual_retention_rate, 0.000001)
        ) as decimal(9, 6)) as before_acquisition_amount
    from transactions
    -- active customers, whose churn is known
    where annual_retention_rate is not null and age_days - recency_days < 365
),

predicted as (
    select
        customer_key,
        'predicted' as method,
        horizon_months || ' months' as horizon,
        case when method = 'predicted' then model else method end as model,
        expected_margin_amount as before_acquisition_amount,
        expected_order_count,
        p_alive,
        is_fallback,
        reason as fallback_reason
    from predictions
),

contractual as (
    select
        customer_key,
        'contractual' as method,
        horizon_months || ' months' as horizon,
        case when count(expected_amount) = count(*) then 'sbg' else 'not_available' end as model,
        -- a customer of whom one contract cannot be valued has no value, rather than part of one
        case when count(expected_amount) = count(*) then sum(expected_amount) end as before_acquisition_amount,
        bool_or(is_parent) as is_fallback,
        case
            when count(expected_amount) < count(*) then 'no model of renewals'
            when bool_or(is_parent) then 'parameters of all contracts'
        end as fallback_reason
    from contract_values
    where customer_key is not null
    group by all
),

unioned as (
    select * from observed
    union all by name
    select * from projected
    union all by name
    select * from predicted
    union all by name
    select * from contractual
),

final as (
    select
        unioned.customer_key,
        run_parameters.as_of_date,
        unioned.method,
        unioned.horizon,
        coalesce(unioned.model, 'none') as model,
        cast(
            unioned.before_acquisition_amount
            -- winning the customer is paid once: it is off what was, and off the whole of a lifetime
            - case
                when unioned.horizon in ('to_date', 'lifetime') then coalesce(customers.acquisition_cost_amount, 0)
                else 0
            end as decimal(18, 4)
        ) as clv_amount,
        cast(unioned.before_acquisition_amount as decimal(18, 4)) as clv_before_acquisition_amount,
        customers.acquisition_cost_amount,
        cast(unioned.expected_order_count as decimal(18, 6)) as expected_order_count,
        cast(unioned.p_alive as decimal(9, 6)) as p_alive,
        cast(
            greatest(0, transactions.last_12m_margin_amount) * (1 - cast(unioned.p_alive as decimal(9, 6)))
            as decimal(18, 4)
        ) as value_at_risk_amount,
        coalesce(unioned.is_fallback, false) as is_fallback,
        nullif(unioned.fallback_reason, '') as fallback_reason
    from unioned
    cross join run_parameters
    left join customers on unioned.customer_key = customers.customer_key
    left join transactions on unioned.customer_key = transactions.customer_key
)

select * from final
