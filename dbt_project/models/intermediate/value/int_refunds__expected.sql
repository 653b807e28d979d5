-- The share of what is left of an order that still goes back, by the age of the order: from orders old enough for all
-- their refunds to have come.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

observed as (
    {{ observed_until('orders') }}
),

mature_sales as (
    select
        orders.order_id,
        orders.ordered_on,
        orders.net_amount
    from orders
    cross join observed
    where orders.is_sale and orders.ordered_on <= observed.last_day - {{ var('refund_maturity_days') }}
),

gross as (
    select cast(sum(net_amount) as decimal(38, 4)) as gross_amount from mature_sales
),

delays as (
    select
        greatest(0, least(
            {{ var('refund_maturity_days') }}, refunds.ordered_on - mature_sales.ordered_on
        )) as delay_days,
        cast(-sum(refunds.net_amount) as decimal(38, 4)) as refunded_amount
    from mature_sales
    inner join orders as refunds
        on mature_sales.order_id = refunds.refunded_order_id and refunds.order_type = 'refund'
    group by all
),

ages as (
    select cast(age as integer) as age_days from unnest(range(0, {{ var('refund_maturity_days') }})) as ages (age)
),

refunded as (
    select
        ages.age_days,
        gross.gross_amount,
        coalesce(sum(delays.refunded_amount) filter (where delays.delay_days <= ages.age_days), 0) as refunded_amount,
        coalesce(sum(delays.refunded_amount), 0) as finally_refunded_amount
    from ages
    cross join gross
    left join delays on true
    where gross.gross_amount > 0
    group by all
),

final as (
    select
        age_days,
        case
            when gross_amount > refunded_amount
                then round(greatest(0.0, least(
                    1.0,
                    cast(finally_refunded_amount - refunded_amount as double)
                    / cast(gross_amount - refunded_amount as double)
                )), 6)
            else 0.0
        end as still_refunded_share
    from refunded
)

select * from final
