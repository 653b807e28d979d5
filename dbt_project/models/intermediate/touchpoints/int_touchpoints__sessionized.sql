-- Web touchpoints get the session they belong to: a visitor's events with never more than the gap between two of them,
-- across midnight. Other touchpoints have no session.
with touchpoints as (
    select * from {{ ref('int_touchpoints__unioned') }}
),

gaps as (
    select
        touchpoint_key,
        anonymous_id,
        occurred_at,
        lag(occurred_at) over visitor is null
        or occurred_at - lag(occurred_at) over visitor
        > interval '{{ var("session_gap_minutes") }} minutes' as is_session_start
    from touchpoints
    where anonymous_id is not null
    window visitor as (partition by anonymous_id order by occurred_at, touchpoint_key)
),

numbered as (
    select
        touchpoint_key,
        anonymous_id,
        sum(case when is_session_start then 1 else 0 end) over (
            partition by anonymous_id order by occurred_at, touchpoint_key
        ) as session_number
    from gaps
),

final as (
    select
        touchpoints.*,
        case
            when numbered.session_number is not null
                then {{ surrogate_key(["'session'", 'numbered.anonymous_id', 'cast(numbered.session_number as bigint)']) }}
        end as session_key
    from touchpoints
    left join numbered on touchpoints.touchpoint_key = numbered.touchpoint_key
)

select * from final
