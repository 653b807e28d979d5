-- The touchpoints of every path that ended lately, in order: of a visit on the site (scope `session`), and of a journey
-- over all channels (scope `journey`). A path counts in the days in which it ended; one that goes on is none yet.
{{ config(materialized='view') }}
{%- set days = var('transition_windows_days') | max %}
with touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where session_key is not null
),

sessions as (
    select * from {{ ref('int_sessions__aggregated') }}
),

placed as (
    select * from {{ ref('int_journey_touchpoints__placed') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

final as (
    select
        'session' as scope,
        sessions.session_key as path_key,
        sessions.customer_key,
        sessions.device,
        {{ business_date('sessions.ended_at') }} as ended_on,
        'left' as ending,
        touchpoints.touchpoint_key,
        touchpoints.touchpoint,
        touchpoints.occurred_at
    from sessions
    inner join touchpoints on sessions.session_key = touchpoints.session_key
    cross join run_parameters
    where
        sessions.ended_at + interval '{{ var("session_gap_minutes") }} minutes' < run_parameters.as_of_at
        and {{ business_date('sessions.ended_at') }} > run_parameters.as_of_date - {{ days }}
    union all
    select
        'journey' as scope,
        placed.journey_key as path_key,
        placed.subject_key as customer_key,
        placed.device,
        {{ business_date('placed.ended_at') }} as ended_on,
        case when placed.is_completed then 'completed' else 'left' end as ending,
        placed.touchpoint_key,
        placed.touchpoint,
        placed.occurred_at
    from placed
    cross join run_parameters
    where {{ business_date('placed.ended_at') }} > run_parameters.as_of_date - {{ days }}
)

select * from final
