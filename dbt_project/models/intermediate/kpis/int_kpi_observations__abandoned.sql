-- Observations of visits that give up: forms started and not sent, searches that fail at last.
with sessions as (
    select * from {{ ref('int_sessions__aggregated') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where session_key is not null
),

forms as (
    select
        session_key,
        coalesce(form_id, '') as form,
        min(customer_key) as customer_key,
        min(device) as device,
        min(occurred_at) filter (where touchpoint = 'form_start') as form_started_at,
        max(occurred_at) filter (where touchpoint = 'form_submission') as form_submitted_at
    from touchpoints
    where touchpoint in ('form_start', 'form_submission')
    group by all
    having count(*) filter (where touchpoint = 'form_start') > 0
),

failed_searches as (
    select distinct session_key from touchpoints
    where touchpoint = 'failed_search'
),

last_actions as (
    select
        touchpoints.session_key,
        arg_max(touchpoints.touchpoint, (touchpoints.occurred_at, touchpoints.touchpoint_key)) as touchpoint
    from touchpoints
    inner join failed_searches on touchpoints.session_key = failed_searches.session_key
    where touchpoints.source_value not in ('unload', 'page_unload', 'page_leave')
    group by touchpoints.session_key
),

unioned as (
    select
        'form_abandonment' as kpi_id,
        {{ surrogate_key(['session_key', 'form']) }} as unit_key,
        customer_key,
        customer_key as person_key,
        device,
        form_started_at as observed_at,
        cast(coalesce(form_submitted_at < form_started_at, true) as integer) as numerator,
        1 as denominator
    from forms
    union all by name
    select
        'exit_after_failed_search' as kpi_id,
        sessions.session_key as unit_key,
        sessions.customer_key,
        sessions.customer_key as person_key,
        sessions.device,
        sessions.started_at as observed_at,
        cast(last_actions.touchpoint = 'failed_search' as integer) as numerator,
        1 as denominator
    from sessions
    inner join last_actions on sessions.session_key = last_actions.session_key
),

{{ observed('unioned') }}

select * from final
