-- Visits in which a friction was possible (an event of its risk set happened), and whether it struck within the
-- exposure window. The clock of the outcome starts at the risk event, or at the end of the window if the type says so.
with touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where session_key is not null
),

friction_types as (
    select
        *,
        string_split(risk_set_touchpoints, '|') as risk_set,
        string_split(index_touchpoints, '|') as indexes,
        {{ days_interval('exposure_window_minutes / 1440.0') }} as exposure_window,
        {{ days_interval('horizon_days') }} as horizon
    from {{ ref('friction_types') }}
),

at_risk as (
    select
        friction_types.friction_type,
        touchpoints.session_key,
        min(touchpoints.occurred_at) as risk_at
    from touchpoints
    inner join friction_types on list_contains(friction_types.risk_set, touchpoints.touchpoint)
    group by all
),

final as (
    select
        at_risk.friction_type,
        at_risk.session_key,
        at_risk.risk_at,
        at_risk.risk_at
        + case
            when friction_types.landmark = 'window_end' then friction_types.exposure_window
            else interval 0 second
        end as clock_starts_at,
        friction_types.horizon,
        bool_or(
            list_contains(friction_types.indexes, touchpoints.touchpoint)
            and touchpoints.occurred_at >= at_risk.risk_at
            and touchpoints.occurred_at <= at_risk.risk_at + friction_types.exposure_window
        ) as is_affected,
        count(*) filter (where touchpoints.occurred_at < at_risk.risk_at) as earlier_touchpoint_count
    from at_risk
    inner join friction_types on at_risk.friction_type = friction_types.friction_type
    inner join touchpoints on at_risk.session_key = touchpoints.session_key
    group by all
)

select * from final
