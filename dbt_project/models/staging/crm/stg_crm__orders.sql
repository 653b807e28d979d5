-- The latest version of each order, refund and adjustment as of the run.
with latest as (
    {{ latest_landed('orders') }}
),

final as (
    select
        order_id,
        customer_id,
        ordered_at,
        order_type,
        refunded_order_id,
        coalesce(currency, '{{ var("reporting_currency") }}') as currency,
        net_amount,
        sales_channel,
        anonymous_id
    from latest
)

select * from final
