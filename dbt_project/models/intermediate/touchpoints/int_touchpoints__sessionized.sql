-- Web touchpoints get the session they belong to. Other touchpoints have no session.
with touchpoints as (
    select * from {{ ref('int_touchpoints__unioned') }}
),

buckets as (
    select * from {{ ref('int_session_buckets__joined') }}
),

final as (
    select
        touchpoints.*,
        buckets.session_key,
        coalesce(touchpoints.occurred_at = buckets.session_started_at, false) as is_session_start,
        coalesce(touchpoints.occurred_at = buckets.session_ended_at, false) as is_session_end
    from touchpoints
    left join buckets
        on
            touchpoints.anonymous_id = buckets.anonymous_id
            and {{ session_bucket('touchpoints.occurred_at') }} = buckets.bucket
)

select * from final
