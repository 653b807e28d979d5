-- Touchpoints of orders: sales, and refunds that no return tells of. A sale without a known customer whose purchase the
-- site saw is that purchase. Adjustments are bookkeeping: nobody meets the company in them.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
with orders as (
    select * from {{ ref('int_orders__converted') }}
    where {{ touchpoint_scope('order_id', 'orders') }}
),

seen_online as (
    select order_id
    from {{ ref('stg_web__events') }}
    where event_name = 'purchase' and order_id is not null
    group by order_id
),

refunded_returns as (
    select order_id
    from {{ ref('stg_crm__returns') }}
    where refunded_at is not null
    group by order_id
),

final as (
    select
        {{ surrogate_key(["'orders'", 'orders.order_id']) }} as touchpoint_key,
        'orders' as source_table,
        orders.order_type as source_value,
        orders.order_id as source_row_id,
        orders.customer_key,
        orders.customer_key is not null as is_known,
        orders.ordered_at as occurred_at,
        coalesce(lower(orders.sales_channel), 'unknown') as channel,
        coalesce(orders.refunded_order_id, orders.order_id) as order_id
    from orders
    left join seen_online on orders.order_id = seen_online.order_id
    left join refunded_returns on orders.refunded_order_id = refunded_returns.order_id
    where
        (orders.is_sale and (orders.customer_key is not null or seen_online.order_id is null))
        or (orders.order_type = 'refund' and refunded_returns.order_id is null)
)

select * from final
