-- What a customer looked at on the way to an order: touchpoints since the order before, in the days before this one.
-- An order with nothing of it in view (in a store, on an unknown device) has no row.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

signals as (
    select * from {{ ref('persona_signals') }}
),

purchases as (
    select
        customer_key,
        order_id,
        ordered_at,
        ordered_on,
        greatest(
            ordered_at - interval '{{ var("persona_path_days") }} days',
            coalesce(lag(ordered_at) over earlier, timestamp '0001-01-01')
        ) as path_starts_at
    from orders
    where is_sale and customer_key is not null
    window earlier as (partition by customer_key order by ordered_at, order_id)
),

steps as (
    select distinct
        purchases.customer_key,
        purchases.order_id,
        purchases.ordered_on,
        touchpoints.touchpoint
    from touchpoints
    inner join purchases
        on
            touchpoints.customer_key = purchases.customer_key
            and touchpoints.occurred_at > purchases.path_starts_at
            and touchpoints.occurred_at <= purchases.ordered_at
    where touchpoints.touchpoint in (select touchpoint from signals)
),

final as (
    select
        steps.customer_key,
        steps.order_id,
        steps.ordered_on,
        count(*) filter (where signals.signal = 'information_source') as information_source_count,
        count(*) filter (where signals.signal = 'research') as research_count,
        count(*) filter (where signals.signal = 'reassurance') as reassurance_count,
        count(*) filter (where signals.signal = 'comparison') as comparison_count,
        count(*) filter (where signals.signal = 'cart_page') as cart_page_count
    from steps
    inner join signals on steps.touchpoint = signals.touchpoint
    group by steps.customer_key, steps.order_id, steps.ordered_on
)

select * from final
