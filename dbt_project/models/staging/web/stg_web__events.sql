-- Web events of people: bots, tests and staff are left out.
with landed as (
    select * from {{ source('landing', 'web_events') }}
),

final as (
    select
        _key_hash as event_key,
        _extract_date as extract_date,
        event_id,
        occurred_at,
        anonymous_id,
        user_id,
        event_name,
        page_path,
        referrer,
        coalesce(device, 'unknown') as device,
        coalesce(traffic_channel, 'unknown') as traffic_channel,
        campaign_id,
        product_id,
        order_id,
        search_result_count,
        load_milliseconds,
        form_id
    from landed
    where is_internal is distinct from true
)

select * from final
