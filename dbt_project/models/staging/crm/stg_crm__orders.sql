-- The latest version of each order, refund and adjustment as of the run.
with landed as (
    select * from {{ source('landing', 'orders') }}
),

latest as (
    select *
    from landed
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
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
