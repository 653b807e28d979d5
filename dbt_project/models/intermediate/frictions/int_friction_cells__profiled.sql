-- Chances that can be judged, counted per customer, profile of segments, device and stratum: all that effects need. The
-- last two periods before the horizons close are told apart, to see where a friction is heading.
with compared as not materialized (
    select * from {{ ref('int_friction_opportunities__compared') }}
),

latest as (
    select
        friction_type,
        max(started_on) as last_started_on
    from compared
    group by friction_type
),

periods as (
    select
        compared.*,
        coalesce(profiles.profile, 0) as profile,
        compared.started_on > latest.last_started_on - {{ var('friction_period_days') }} as is_recent,
        not is_recent
        and compared.started_on > latest.last_started_on - 2 * {{ var('friction_period_days') }} as is_previous
    from compared
    inner join latest on compared.friction_type = latest.friction_type
    {{ join_profiles('compared', 'started_on') }}
),

final as (
    select
        friction_type,
        customer_number,
        profile,
        device,
        {{ number_of(['stratum']) }} as stratum_number,
        cast(count(*) filter (where is_affected) as integer) as affected_count,
        cast(count(*) filter (where is_affected and has_outcome) as integer) as affected_outcome_count,
        cast(count(*) filter (where not is_affected) as integer) as unaffected_count,
        cast(count(*) filter (where not is_affected and has_outcome) as integer) as unaffected_outcome_count,
        cast(count(*) filter (where is_affected and is_recent) as integer) as recent_affected_count,
        cast(count(*) filter (where is_affected and has_outcome and is_recent) as integer) as recent_affected_outcome_count,
        cast(count(*) filter (where is_affected and is_previous) as integer) as previous_affected_count,
        cast(count(*) filter (where is_affected and has_outcome and is_previous) as integer)
            as previous_affected_outcome_count,
        min(started_on) filter (where is_affected) as first_seen_on
    from periods
    group by all
)

select * from final
