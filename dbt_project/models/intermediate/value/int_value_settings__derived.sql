-- What the value of this run is reckoned over: the days known, the hold-out, discounting, horizons. No row without a
-- purchase.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

observed as (
    {{ observed_until('orders') }}
),

history as (
    select
        min(ordered_on) as first_day,
        any_value(observed.last_day) as last_day
    from orders
    cross join observed
    where orders.is_purchase and orders.customer_key is not null
    having count(*) > 0
),

lengths as (
    select
        *,
        greatest(0, last_day - first_day) as history_days,
        least({{ var('clv_holdout_maximum_days') }}, greatest(0, last_day - first_day) // 2) as holdout_days
    from history
),

final as (
    select
        last_day as as_of_date,
        first_day,
        cast(history_days as integer) as history_days,
        cast(holdout_days as integer) as holdout_days,
        cast(last_day - cast(holdout_days as integer) as date) as calibration_ends_on,
        holdout_days < 364 as is_seasonal,
        cast({{ var('clv_annual_discount_rate') }} as double) as discount_rate,
        cast({{ var('clv_horizons_months') }} as integer[]) as horizons_months,
        cast({{ var('clv_group_minimum_customers') }} as integer) as minimum_customers,
        cast({{ var('clv_group_minimum_repeaters') }} as integer) as minimum_repeaters
    from lengths
)

select * from final
