-- What web analytics saw of what surely happened: online orders, and of each step of a checkout the step before it. A
-- lost script or lost events show here before any KPI can be believed; the volume of events says it later.
with web_events as (
    select * from {{ ref('stg_web__events') }}
),

orders as (
    select * from {{ ref('stg_crm__orders') }}
),

steps as (
    select * from {{ ref('funnel_step_definitions') }}
),

step_touchpoints as (
    select * from {{ ref('funnel_step_touchpoints') }}
),

mappings as (
    select * from {{ ref('touchpoint_mappings') }}
),

seen_orders as (
    select distinct order_id
    from web_events
    where order_id is not null
),

ordered as (
    select
        'tracking' as measure,
        {{ business_date('orders.ordered_at') }} as event_date,
        'all' as part,
        seen_orders.order_id is not null as is_seen
    from orders
    left join seen_orders on orders.order_id = seen_orders.order_id
    where orders.order_type = 'sale' and orders.sales_channel = 'web'
),

-- The first step is no matter of one day: a cart may be older.
step_events as (
    select distinct
        mappings.source_value as event_name,
        steps.step
    from steps
    inner join step_touchpoints
        on steps.funnel_id = step_touchpoints.funnel_id and steps.step_id = step_touchpoints.step_id
    inner join mappings on step_touchpoints.touchpoint = mappings.touchpoint
    where steps.funnel_id = 'checkout' and steps.step > 1 and mappings.source_table = 'web_events'
),

passed as (
    select distinct
        {{ business_date('web_events.occurred_at') }} as event_date,
        web_events.anonymous_id,
        web_events.device,
        step_events.step
    from web_events
    inner join step_events on web_events.event_name = step_events.event_name
    where web_events.anonymous_id is not null
),

-- Steps a shop does not have, or never tracks, are not missed.
known_steps as (
    select
        step,
        lag(step) over (order by step) as step_before
    from passed
    group by step
),

-- Whoever reached a step counts as past it until the next day is over: a checkout may go beyond midnight.
reached as (
    select distinct
        event_date + unnest([0, 1]) as event_date,
        anonymous_id,
        step
    from passed
),

followed as (
    select
        'checkout_steps' as measure,
        passed.event_date,
        passed.device as part,
        reached.step is not null as is_seen
    from passed
    inner join known_steps on passed.step = known_steps.step
    left join reached
        on
            passed.event_date = reached.event_date
            and passed.anonymous_id = reached.anonymous_id
            and known_steps.step_before = reached.step
    where known_steps.step_before is not null
),

expected as (
    select * from ordered
    union all
    select * from followed
),

final as (
    select
        measure,
        event_date,
        case when grouping(part) = 1 then 'all' else 'device' end as part_dimension,
        case when grouping(part) = 1 then 'all' else part end as part,
        count_if(is_seen) as seen_count,
        count(*) as expected_count
    from expected
    group by grouping sets ((measure, event_date), (measure, event_date, part))
    having grouping(part) = 1 or measure = 'checkout_steps'
)

select * from final
