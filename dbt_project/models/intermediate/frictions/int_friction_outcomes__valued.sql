-- What each outcome is worth per segment: a purchase, the margin of an order; a renewal, what a contract in force is still
-- expected to bring, of which nothing is left where it ends; a next step, the share of those who take it and buy within
-- 30 days, times that margin. Values other than of a purchase are those of all customers.
with outcomes as (
    select * from {{ ref('friction_outcomes') }}
),

margins as (
    select * from {{ ref('fct_outcome_values') }}
),

contracts as (
    select
        cast(avg(cast(expected_amount as decimal(18, 4))) as decimal(18, 4)) as outcome_value_amount,
        cast(stddev_samp(cast(expected_amount as double)) / sqrt(count(*)) as decimal(18, 4))
            as outcome_value_standard_error
    from {{ ref('fct_contract_values') }}
    where horizon_months = {{ var('kpi_clv_horizon_months') }}
),

reached as (
    select * from {{ ref('int_friction_outcomes__dated') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

followed as (
    select
        steps.outcome,
        coalesce(purchases.occurred_at <= steps.occurred_at + interval 30 days, false) as has_bought
    from reached as steps
    inner join outcomes on steps.outcome = outcomes.outcome and outcomes.valued_as = 'next_step'
    cross join run_parameters
    asof left join (select * from reached where outcome = 'purchase_30d') as purchases
        on steps.customer_key = purchases.customer_key and steps.occurred_at < purchases.occurred_at
    where steps.occurred_at + interval 30 days <= run_parameters.as_of_at
),

chances as (
    select
        outcome,
        cast(count(*) filter (where has_bought) as double) / count(*) as chance,
        count(*) as step_count
    from followed
    group by outcome
),

final as (
    select
        outcomes.outcome,
        margins.segment_dimension,
        margins.segment,
        margins.outcome_value_amount,
        margins.outcome_value_standard_error
    from outcomes
    cross join margins
    where outcomes.valued_as = 'order_margin'
    union all by name
    select
        outcomes.outcome,
        'all' as segment_dimension,
        'all' as segment,
        contracts.outcome_value_amount,
        contracts.outcome_value_standard_error
    from outcomes
    cross join contracts
    where outcomes.valued_as = 'renewal_value' and contracts.outcome_value_amount is not null
    union all by name
    select
        chances.outcome,
        'all' as segment_dimension,
        'all' as segment,
        cast(chances.chance * cast(margins.outcome_value_amount as double) as decimal(18, 4)) as outcome_value_amount,
        cast(sqrt(
            power(chances.chance * cast(margins.outcome_value_standard_error as double), 2)
            + power(cast(margins.outcome_value_amount as double), 2)
            * chances.chance * (1 - chances.chance) / chances.step_count
        ) as decimal(18, 4)) as outcome_value_standard_error
    from chances
    inner join margins on margins.segment_dimension = 'all'
)

select * from final
