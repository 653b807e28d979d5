-- Observations of the KPIs that come from web analytics. Web events are counted per visit and day, not one by one.
with entries as (
    select * from {{ ref('fct_funnel_steps') }}
    where funnel_id in ('cart_to_order', 'checkout_to_order') and entry_step = 1 and step = 1
),

sessions as (
    select * from {{ ref('int_sessions__aggregated') }}
),

web_touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where source_table = 'web_events'
),

searches as (
    select
        *,
        lead(occurred_at) over (partition by session_key order by occurred_at, touchpoint_key) as next_search_at
    from web_touchpoints
    where search_result_count is not null
),

unioned as (
    select
        'visit_to_purchase' as kpi_id,
        session_key as unit_key,
        customer_key,
        started_on as observed_on,
        started_at as observed_at,
        device,
        case when order_count > 0 then 1 else 0 end as numerator,
        1 as unit_count
    from sessions
    union all
    select
        case funnel_id when 'cart_to_order' then 'cart_abandonment' else 'checkout_abandonment' end as kpi_id,
        entry_key as unit_key,
        customer_key,
        entered_on as observed_on,
        reached_at as observed_at,
        device,
        case when step_outcome = 'converted' then 0 else 1 end as numerator,
        1 as unit_count
    from entries
    union all
    select
        'failed_search_rate' as kpi_id,
        touchpoint_key as unit_key,
        customer_key,
        occurred_on as observed_on,
        occurred_at as observed_at,
        device,
        case when search_result_count = 0 then 1 else 0 end as numerator,
        1 as unit_count
    from searches
    where
        next_search_at is null
        or next_search_at > occurred_at + interval '{{ var("search_reformulation_seconds") }} seconds'
    union all
    select
        'linked_web_event_share' as kpi_id,
        min(touchpoint_key) as unit_key,
        customer_key,
        occurred_on as observed_on,
        min(occurred_at) as observed_at,
        device,
        count(*) filter (where is_known) as numerator,
        count(*) as unit_count
    from web_touchpoints
    group by session_key, customer_key, occurred_on, device
),

final as (
    select
        * replace (cast(numerator as decimal(18, 4)) as numerator, cast(unit_count as bigint) as unit_count),
        customer_key as person_key,
        cast(unit_count as decimal(18, 4)) as denominator
    from unioned
)

select * from final
