-- Visits in which a friction was possible, and whether the outcome came later. Comparable visits share a stratum.
-- Visits whose outcome came before the clock starts are left out, and so are those whose horizon is still open.
with judged as (
    select * from {{ ref('int_friction_opportunities__judged') }}
),

purchases as (
    select
        customer_key,
        occurred_at
    from {{ ref('int_touchpoints__sessionized') }}
    where touchpoint in ('order', 'order_confirmation')
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
