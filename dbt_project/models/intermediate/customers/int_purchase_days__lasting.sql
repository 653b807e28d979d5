-- The days a customer bought on and the month starts at which each counts: from the next one on, until all that was
-- bought on it has been refunded. So what a month start knew never changes with a later refund.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

refunds as (
    select
        refunded_order_id,
        max(ordered_on) as refunded_on
    from orders
    where order_type = 'refund' and refunded_order_id is not null
    group by refunded_order_id
),

sales as (
    select
        orders.customer_key,
        orders.ordered_on as purchased_on,
        case
            when orders.is_purchase then date '9999-12-31'
            else {{ next_month('refunds.refunded_on') }}
        end as counts_until
    from orders
    left join refunds on orders.order_id = refunds.refunded_order_id
    where orders.is_sale and orders.customer_key is not null
),

final as (
    select
        customer_key,
        purchased_on,
        {{ next_month('purchased_on') }} as counts_from,
        max(counts_until) as counts_until
    from sales
    group by customer_key, purchased_on
    having max(counts_until) > {{ next_month('purchased_on') }}
)

select * from final
