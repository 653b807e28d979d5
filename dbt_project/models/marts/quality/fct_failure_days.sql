-- Visits of a day in which something failed, by what failed and device, beside all visits: what tells a broken step
-- sooner than the orders that do not come. A failure is a friction that web analytics shows as a touchpoint of its own.
with sessions as (
    select * from {{ ref('int_sessions__aggregated') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where session_key is not null
),

friction_types as (
    select * from {{ ref('friction_types') }}
),

struck as (
    select distinct
        friction_types.friction_type,
        touchpoints.session_key
    from touchpoints
    inner join friction_types on touchpoints.touchpoint = friction_types.friction_type
),

struck_days as (
    select
        struck.friction_type,
        sessions.started_on as event_date,
        coalesce(sessions.device, 'unknown') as device,
        count(*) as visit_count
    from struck
    inner join sessions on struck.session_key = sessions.session_key
    group by all
),

visit_days as (
    select
        started_on as event_date,
        coalesce(device, 'unknown') as device,
        count(*) as visit_count
    from sessions
    group by all
),

seen_types as (
    select distinct friction_type from struck
),

crossed as (
    select
        seen_types.friction_type,
        visit_days.event_date,
        visit_days.device,
        coalesce(struck_days.visit_count, 0) as visit_count,
        visit_days.visit_count as whole_count
    from visit_days
    cross join seen_types
    left join struck_days
        on
            seen_types.friction_type = struck_days.friction_type
            and visit_days.event_date = struck_days.event_date
            and visit_days.device = struck_days.device
),

final as (
    select
        friction_type,
        event_date,
        case when grouping(device) = 1 then 'all' else 'device' end as segment_dimension,
        case when grouping(device) = 1 then 'all' else device end as segment,
        cast(sum(visit_count) as bigint) as visit_count,
        cast(sum(whole_count) as bigint) as whole_count
    from crossed
    group by grouping sets ((friction_type, event_date), (friction_type, event_date, device))
)

select * from final
