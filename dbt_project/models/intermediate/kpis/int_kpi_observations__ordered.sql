-- Observations of the KPIs that come from orders.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

first_purchases as (
    select
        customer_key,
        arg_min(order_key, (ordered_at, order_key)) as order_key,
        min(ordered_at) as first_at,
        min(ordered_on) as first_on
    from orders
    where is_purchase and customer_key is not null
    group by customer_key
),

second_purchases as (
    select
        first_purchases.customer_key,
        min(orders.ordered_at) as second_at
    from first_purchases
    inner join orders on first_purchases.customer_key = orders.customer_key
    where orders.is_purchase and orders.ordered_on > first_purchases.first_on
    group by first_purchases.customer_key
),

unioned as (
    select
        'net_revenue' as kpi_id,
        order_key as unit_key,
        customer_key,
        person_key,
        ordered_on as observed_on,
        ordered_at as observed_at,
        net_amount as numerator,
        1 as denominator
    from orders
    union all
    select
        'average_order_value' as kpi_id,
        order_key as unit_key,
        customer_key,
        person_key,
        ordered_on as observed_on,
        ordered_at as observed_at,
        net_amount as numerator,
        1 as denominator
    from orders
    where is_sale
    union all
    select
        'refund_rate' as kpi_id,
        order_key as unit_key,
        customer_key,
        person_key,
        ordered_on as observed_on,
        ordered_at as observed_at,
        case when is_sale then -refund_amount else -net_amount end as numerator,
        case when is_sale then net_amount else 0 end as denominator
    from orders
    where
        is_sale
        or (
            order_type = 'refund'
            and coalesce(refunded_order_id not in (select order_id from orders where is_sale), true)
        )
    union all
    select
        'second_purchase_90d' as kpi_id,
        first_purchases.order_key as unit_key,
        first_purchases.customer_key,
        first_purchases.customer_key as person_key,
        first_purchases.first_on as observed_on,
        first_purchases.first_at as observed_at,
        cast(coalesce(
            second_purchases.second_at - interval '{{ var("second_purchase_window_days") }} days'
            <= first_purchases.first_at, false
        ) as integer) as numerator,
        1 as denominator
    from first_purchases
    left join second_purchases on first_purchases.customer_key = second_purchases.customer_key
),

final as (
    select
        * replace (
            cast(numerator as decimal(18, 4)) as numerator,
            cast(denominator as decimal(18, 4)) as denominator
        )
    from unioned
)

select * from final
