-- Which touchpoints can fill which step of which funnel, in the order in which a subject met them.
with touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

funnels as (
    select * from {{ ref('funnels') }}
),

steps as (
    select * from {{ ref('funnel_step_definitions') }}
),

step_touchpoints as (
    select * from {{ ref('funnel_step_touchpoints') }}
),

matched as (
    select
        funnels.funnel_id,
        case when funnels.subject = 'session' then touchpoints.session_key else touchpoints.customer_key end as subject_key,
        steps.step,
        touchpoints.touchpoint_key,
        touchpoints.occurred_at,
        touchpoints.customer_key,
        touchpoints.device,
        touchpoints.traffic_channel
    from touchpoints
    inner join step_touchpoints on touchpoints.touchpoint = step_touchpoints.touchpoint
    inner join steps
        on step_touchpoints.funnel_id = steps.funnel_id and step_touchpoints.step_id = steps.step_id
    inner join funnels on steps.funnel_id = funnels.funnel_id
),

final as (
    select
        *,
        dense_rank() over (
            partition by funnel_id, subject_key order by occurred_at, touchpoint_key
        ) as position
    from matched
    where subject_key is not null
)

select * from final
