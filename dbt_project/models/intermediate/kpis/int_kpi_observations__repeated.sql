-- Observations of customers who buy again within the declared days of their first purchase; not on the same day.
with days as (
    select * from {{ ref('int_purchase_days__valued') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
    where is_purchase and customer_key is not null
),

firsts as (
    select
        customer_key,
        purchased_on as first_on
    from days
    where purchase_day_number = 1
),

moments as (
    select
        firsts.customer_key,
        firsts.first_on,
        min(orders.ordered_at) as first_at,
        min(orders.ordered_at) filter (where orders.ordered_on > firsts.first_on) as second_at
    from firsts
    inner join orders on firsts.customer_key = orders.customer_key
    group by all
),

final as (
    select
        'repeat_rate_365d' as kpi_id,
        customer_key as unit_key,
        customer_key,
        customer_key as person_key,
        first_at as observed_at,
        first_on as observed_on,
        cast(cast(coalesce(
            second_at <= first_at + interval '{{ var("repeat_purchase_days") }} days', false
        ) as integer) as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator
    from moments
)

select * from final
