-- Orders in the reporting currency, with their customer, refunds and cost of goods. The door let no order in whose
-- currency has no rate; the inner join keeps it so.
{{ config(materialized='refreshed', meta={'key': ['order_key']}) }}
with orders as (
    select * from {{ ref('stg_crm__orders') }}
),

items as (
    select * from {{ ref('stg_crm__order_items') }}
),

rates as (
    select * from {{ ref('stg_reference__fx_rates') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

rate_periods as (
    {{ rate_periods('rates') }}
),

goods as (
    select
        items.order_id,
        coalesce(items.currency, orders.currency) as currency,
        cast(sum(items.quantity * items.unit_cost) as decimal(18, 4)) as goods_cost,
        count(*) as line_count,
        count(items.unit_cost) as costed_line_count
    from items
    inner join orders on items.order_id = orders.order_id
    group by all
),

converted as (
    select
        orders.order_id,
        orders.customer_id,
        orders.ordered_at,
        {{ business_date('orders.ordered_at') }} as ordered_on,
        orders.order_type,
        orders.refunded_order_id,
        orders.sales_channel,
        orders.currency,
        orders.net_amount as original_amount,
        cast(orders.net_amount * rate_periods.rate as decimal(18, 4)) as net_amount
    from orders
    inner join rate_periods
        on
            orders.currency = rate_periods.currency
            and {{ business_date('orders.ordered_at') }} >= rate_periods.valid_from
            and {{ business_date('orders.ordered_at') }} < rate_periods.valid_to
),

order_goods as (
    select
        converted.order_id,
        cast(sum(goods.goods_cost * rate_periods.rate) as decimal(18, 4)) as goods_cost_amount,
        cast(sum(goods.line_count) as bigint) as line_count,
        cast(sum(goods.costed_line_count) as bigint) as costed_line_count
    from converted
    inner join goods on converted.order_id = goods.order_id
    inner join rate_periods
        on
            goods.currency = rate_periods.currency
            and converted.ordered_on >= rate_periods.valid_from
            and converted.ordered_on < rate_periods.valid_to
    group by all
),

refunds as (
    select
        refunded_order_id,
        cast(sum(net_amount) as decimal(18, 4)) as refund_amount,
        cast(sum(original_amount) as decimal(18, 4)) as original_refund_amount,
        min(currency) as first_currency,
        max(currency) as last_currency
    from converted
    where order_type = 'refund' and refunded_order_id is not null
    group by all
),

final as (
    select
        {{ surrogate_key(["'order'", 'converted.order_id']) }} as order_key,
        converted.order_id,
        identifiers.customer_key,
        coalesce(identifiers.customer_key, {{ surrogate_key(["'guest'", 'converted.order_id']) }}) as person_key,
        converted.ordered_at,
        converted.ordered_on,
        converted.order_type,
        converted.refunded_order_id,
        converted.sales_channel,
        converted.net_amount,
        coalesce(refunds.refund_amount, 0) as refund_amount,
        order_goods.goods_cost_amount,
        coalesce(order_goods.line_count, 0) as line_count,
        coalesce(order_goods.costed_line_count, 0) as costed_line_count,
        converted.order_type = 'sale' and converted.net_amount > 0 as is_sale,
        converted.order_type = 'sale'
        and case
            -- in one currency, what is left is told exactly; rates of two days differ
            when refunds.first_currency = converted.currency and refunds.last_currency = converted.currency
                then converted.original_amount + refunds.original_refund_amount
            else converted.net_amount + coalesce(refunds.refund_amount, 0)
        end > 0 as is_purchase
    from converted
    left join identifiers
        on identifiers.identifier_type = 'crm' and converted.customer_id = identifiers.identifier
    left join refunds on converted.order_id = refunds.refunded_order_id
    left join order_goods on converted.order_id = order_goods.order_id
)

select * from final
