-- Web events of people: bots, tests and staff are left out.
with landed as (
    select * from {{ source('landing', 'web_events') }}
),

final as (
    select
        _key_hash as event_key,
        occurred_at,
        anonymous_id,
        user_id,
        event_name,
        page_path,
        coalesce(device, 'unknown') as device,
        coalesce(traffic_channel, 'unknown') as traffic_channel,
        product_id,
        order_id,
        search_result_count,
        load_milliseconds
    from landed
    where is_internal is distinct from true
)

select * from final
