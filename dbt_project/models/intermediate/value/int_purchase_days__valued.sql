-- The days a customer bought on, and what the purchases of the day are worth net of refunds; young days also net of the
-- refunds still to come.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

refunds as (
    select * from {{ ref('int_refunds__expected') }}
),

observed as (
    {{ observed_until('orders') }}
),

days as (
    select
        customer_key,
        ordered_on as purchased_on,
        cast(sum(net_amount + refund_amount) as decimal(18, 4)) as value_amount
    from orders
    where is_purchase and customer_key is not null
    group by all
    having sum(net_amount + refund_amount) > 0
),

final as (
    select
        days.customer_key,
        days.purchased_on,
        row_number() over (partition by days.customer_key order by days.purchased_on) as purchase_day_number,
        days.value_amount,
        cast(
            days.value_amount * (1 - cast(coalesce(refunds.still_refunded_share, 0) as decimal(7, 6)))
            as decimal(18, 4)
        ) as expected_value_amount
    from days
    cross join observed
    left join refunds on observed.last_day - days.purchased_on = refunds.age_days
)

select * from final
