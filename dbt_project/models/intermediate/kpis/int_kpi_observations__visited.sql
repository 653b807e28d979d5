-- Observations of the visitors of a week who buy, and of the time from the first product to the order within a visit.
with sessions as (
    select * from {{ ref('int_sessions__aggregated') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where session_key is not null
),

-- weeks start on Monday
visitors as (
    select
        customer_key,
        cast(date_trunc('week', started_on) as date) as week_start,
        min(started_at) as started_at,
        arg_min(session_key, (started_at, session_key)) as session_key,
        arg_min(device, (started_at, session_key)) as device
    from sessions
    group by all
),

buying_sessions as (
    select * from sessions
    where order_count > 0
),

buying_visitors as (
    select distinct
        visitors.customer_key,
        visitors.week_start
    from visitors
    inner join buying_sessions on visitors.customer_key = buying_sessions.customer_key
    where
        buying_sessions.started_at >= visitors.started_at
        and buying_sessions.started_at <= visitors.started_at + interval '{{ var("visitor_conversion_days") }} days'
),

order_paths as (
    select
        touchpoints.session_key,
        min(touchpoints.occurred_at) filter (where touchpoints.touchpoint = 'product_page') as seen_at,
        min(touchpoints.occurred_at) filter (where touchpoints.touchpoint in ('order', 'order_confirmation'))
            as ordered_at
    from touchpoints
    inner join buying_sessions on touchpoints.session_key = buying_sessions.session_key
    group by touchpoints.session_key
),

unioned as (
    select
        'visitor_to_purchase' as kpi_id,
        visitors.session_key as unit_key,
        visitors.customer_key,
        visitors.device,
        visitors.started_at as observed_at,
        cast(buying_visitors.customer_key is not null as integer) as numerator
    from visitors
    left join buying_visitors
        on visitors.customer_key = buying_visitors.customer_key and visitors.week_start = buying_visitors.week_start
    union all by name
    select
        'time_to_order' as kpi_id,
        sessions.session_key as unit_key,
        sessions.customer_key,
        sessions.device,
        sessions.started_at as observed_at,
        {{ seconds_between('order_paths.seen_at', 'order_paths.ordered_at') }} / 60.0 as numerator
    from sessions
    inner join order_paths on sessions.session_key = order_paths.session_key
    where order_paths.ordered_at >= order_paths.seen_at
),

final as (
    select
        * replace (cast(numerator as decimal(18, 4)) as numerator),
        cast(1 as decimal(18, 4)) as denominator,
        customer_key as person_key,
        {{ business_date('observed_at') }} as observed_on
    from unioned
)

select * from final
