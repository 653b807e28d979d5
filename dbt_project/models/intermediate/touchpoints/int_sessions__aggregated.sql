-- A session with its customer, device, channel and what happened in it. A session in which a visitor logs in is the
-- customer's from its first event on.
with touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where session_key is not null
),

final as (
    select
        session_key,
        coalesce(
            min(customer_key) filter (where is_known),
            min(customer_key)
        ) as customer_key,
        min(occurred_at) as started_at,
        {{ business_date('min(occurred_at)') }} as started_on,
        max(occurred_at) as ended_at,
        arg_min(device, (occurred_at, touchpoint_key)) as device,
        arg_min(traffic_channel, (occurred_at, touchpoint_key)) as traffic_channel,
        count(*) as event_count,
        count(*) filter (where touchpoint in ('order', 'order_confirmation')) as order_count
    from touchpoints
    group by session_key
)

select * from final
