-- A session with its customer, where it came from and how deep it went. A session in which a visitor logs in is the
-- customer's from its first event on. Of events at the same time the one with the least key is first, the one with the
-- greatest last.
{{ config(
    materialized='refreshed',
    meta={
        'key': ['session_key'],
        'hashed': true,
        'follows': ['int_touchpoints__sessionized'],
        'scope': {'changes': 'int_touchpoints__sessionized', 'columns': ['session_key']}
    }
) }}
with touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where
        session_key is not null
        and {{ in_scope(
            'int_sessions__aggregated', 'session_key', last_changes('int_touchpoints__sessionized'), 'session_key'
        ) }}
),

sessions as (
    select
        session_key,
        coalesce(
            min(customer_key) filter (where is_known),
            min(customer_key)
        ) as customer_key,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        arg_min_null(device, touchpoint_key) filter (where is_session_start) as device,
        arg_min_null(traffic_channel, touchpoint_key) filter (where is_session_start) as traffic_channel,
        arg_min_null(referrer, touchpoint_key) filter (where is_session_start) as referrer,
        arg_min_null(campaign_id, touchpoint_key) filter (where is_session_start) as campaign_id,
        arg_min_null(page_path, touchpoint_key) filter (where is_session_start) as landing_page,
        arg_min_null(touchpoint, touchpoint_key) filter (where is_session_start) as landing_touchpoint,
        arg_max_null(page_path, touchpoint_key) filter (where is_session_end) as exit_page,
        arg_max_null(touchpoint, touchpoint_key) filter (where is_session_end) as exit_touchpoint,
        count(*) as event_count,
        count(*) filter (where is_page) as page_count,
        count(*) filter (where touchpoint in ('order', 'order_confirmation')) as order_count
    from touchpoints
    group by session_key
),

final as (
    select
        *,
        {{ business_date('started_at') }} as started_on,
        date_diff('second', started_at, ended_at) as duration_seconds,
        event_count = 1 as is_bounce
    from sessions
)

select
    *,
    {{ row_hashes(['session_key']) }}
from final
