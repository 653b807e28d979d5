-- Visits in which a friction was possible (the risk-set event happened), whether it struck, and whether the outcome came
-- later. Comparable visits share a stratum. Visits whose outcome came before the clock starts are left out, and so are
-- those whose horizon is still open.
with touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where session_key is not null
),

purchases as (
    select
        customer_key,
        occurred_at
    from {{ ref('int_touchpoints__sessionized') }}
    where touchpoint in ('order', 'order_confirmation')
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

sessions as (
    select * from {{ ref('int_sessions__aggregated') }}
),

segments as (
    select * from {{ ref('int_segments__dated') }}
    where segment_dimension = 'new_returning'
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
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

judged as (
    select
        at_risk.friction_type,
        at_risk.session_key,
        at_risk.risk_at,
        at_risk.risk_at
        + case when friction_types.landmark = 'window_end' then friction_types.exposure_window else interval 0 second end
            as clock_starts_at,
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
),

followed as (
    select
        judged.friction_type,
        judged.session_key,
        sessions.customer_key,
        sessions.device,
        sessions.traffic_channel,
        sessions.started_on,
        judged.is_affected,
        judged.earlier_touchpoint_count,
        judged.clock_starts_at,
        judged.horizon,
        count(*) filter (
            where purchases.occurred_at <= judged.clock_starts_at and purchases.occurred_at >= sessions.started_at
        ) > 0 as has_ended_before,
        count(*) filter (
            where purchases.occurred_at > judged.clock_starts_at
            and purchases.occurred_at <= judged.clock_starts_at + judged.horizon
        ) > 0 as has_outcome
    from judged
    inner join sessions on judged.session_key = sessions.session_key
    left join purchases on sessions.customer_key = purchases.customer_key
    group by all
),

final as (
    select
        followed.friction_type,
        followed.session_key,
        followed.customer_key,
        followed.device,
        followed.started_on,
        followed.is_affected,
        followed.has_outcome,
        concat_ws(
            ' | ',
            followed.device,
            followed.traffic_channel,
            segments.segment,
            cast(date_trunc('quarter', followed.started_on) as date),
            case
                when followed.earlier_touchpoint_count < 3 then 'few'
                when followed.earlier_touchpoint_count < 10 then 'some'
                else 'many'
            end
        ) as stratum
    from followed
    cross join run_parameters
    left join segments
        on
            followed.customer_key = segments.customer_key
            and followed.started_on >= segments.valid_from
            and followed.started_on < segments.valid_to
    where
        not followed.has_ended_before
        and followed.clock_starts_at + followed.horizon + {{ days_interval(var('lateness_allowance_days')) }}
        <= run_parameters.as_of_at
)

select * from final
