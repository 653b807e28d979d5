-- Web touchpoints get the session they belong to. Other touchpoints have no session.
{{ config(
    materialized='refreshed',
    meta={
        'key': ['touchpoint_key'],
        'hashed': true,
        'follows': ['int_identifiers__resolved', 'int_orders__converted', 'int_customers__unified'],
        'landed': ['web_events', 'interactions', 'contracts'] + (single_sources().keys() | list),
        'scope': {'of': 'int_touchpoint_scopes__touched', 'columns': ['scope_number']}
    }
) }}
with touchpoints as (
    select * from {{ ref('int_touchpoints__unioned') }}
),

buckets as (
    select * from {{ ref('int_session_buckets__touched') }}
),

final as (
    select
        touchpoints.*,
        buckets.session_key,
        coalesce(touchpoints.occurred_at = buckets.session_started_at, false) as is_session_start,
        coalesce(touchpoints.occurred_at = buckets.session_ended_at, false) as is_session_end,
        {{ number_of([touchpoint_scope_source('touchpoints'), touchpoint_scope_key('touchpoints')]) }} as scope_number
    from touchpoints
    left join buckets
        on
            touchpoints.anonymous_id = buckets.anonymous_id
            and {{ session_bucket('touchpoints.occurred_at') }} = buckets.bucket
)

select
    *,
    {{ row_hashes(['touchpoint_key']) }}
from final
