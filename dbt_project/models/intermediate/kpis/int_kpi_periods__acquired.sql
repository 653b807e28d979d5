-- What winning a customer cost per month and segment: the spend of a channel and month shared by the customers it won in
-- it. Customers of a channel without a cost in that month are left out: not known is not free. Spend is known, how many it
-- wins is chance: they are Poisson, and the cost errs by 1 / √customers of itself.
with won as (
    select
        customer_key,
        acquisition_channel,
        cast(date_trunc('month', acquired_on) as date) as period_start
    from {{ ref('int_acquisition_costs__attributed') }}
),

spending as (
    select * from {{ ref('stg_reference__marketing_costs') }}
),

rates as (
    select * from {{ ref('stg_reference__fx_rates') }}
),

observed_orders as (
    {{ observed_until('orders') }}
),

rate_periods as (
    {{ rate_periods('rates') }}
),

{{ monthly_acquisition_costs() }},

shares as (
    select
        acquisition_channel,
        period_start,
        count(*) as won_count
    from won
    group by all
),

costed as (
    select
        won.customer_key,
        won.period_start,
        cast(monthly.cost_amount / shares.won_count as decimal(18, 4)) as cost_amount
    from won
    inner join shares
        on won.acquisition_channel = shares.acquisition_channel and won.period_start = shares.period_start
    inner join monthly
        on won.acquisition_channel = monthly.acquisition_channel and won.period_start = monthly.month_start
),

segmented as (
    {{ by_segment('costed', 'period_start') }}
),

cells as (
    select
        period_start,
        segment_dimension,
        segment,
        count(*) as won_count,
        sum(cost_amount) as cost_amount,
        1.0 / sqrt(count(*)) as cac_log_standard_error
    from segmented
    group by all
),

final as (
    select
        'cac' as kpi_id,
        cells.period_start,
        cast(cells.period_start + interval 1 month - interval 1 day as date) as period_end,
        cells.segment_dimension,
        cells.segment,
        cells.won_count as customer_count,
        cast(cells.cost_amount as decimal(18, 4)) as numerator,
        cast(cells.won_count as decimal(18, 4)) as denominator,
        cells.won_count as n,
        round(cast(cells.cost_amount as double) / cells.won_count, 4) as value,
        round(cast(cells.cost_amount as double) / cells.won_count * exp(-{{ cac_log_half_width() }}), 4) as value_low,
        round(cast(cells.cost_amount as double) / cells.won_count * exp({{ cac_log_half_width() }}), 4) as value_high,
        cast(cells.period_start + interval 1 month as date) + {{ var('lateness_allowance_days') }}
        <= observed_orders.last_day + 1 as is_mature
    from cells
    cross join observed_orders
    where cast(cells.period_start + interval 1 month as date) <= observed_orders.last_day + 1
)

select * from final
