-- Chances that can be judged, counted per customer, profile of segments, device, stratum and period: all that effects
-- need. The last two periods before the horizons close are told apart, to see where a friction is heading.
with compared as (
    select * from {{ ref('int_friction_opportunities__compared') }}
),

latest as (
    select
        friction_type,
        max(started_on) as last_started_on
    from compared
    group by friction_type
),

final as (
    select
        compared.friction_type,
        compared.customer_number,
        coalesce(profiles.profile, 0) as profile,
        compared.device,
        {{ number_of(['compared.stratum']) }} as stratum_number,
        case
            when compared.started_on > latest.last_started_on - {{ var('friction_period_days') }} then 2
            when compared.started_on > latest.last_started_on - 2 * {{ var('friction_period_days') }} then 1
            else 0
        end as period,
        cast(count(*) filter (where compared.is_affected) as integer) as affected_count,
        cast(count(*) filter (where compared.is_affected and compared.has_outcome) as integer) as affected_outcome_count,
        cast(count(*) filter (where not compared.is_affected) as integer) as unaffected_count,
        cast(count(*) filter (where not compared.is_affected and compared.has_outcome) as integer)
            as unaffected_outcome_count,
        min(compared.started_on) filter (where compared.is_affected) as first_seen_on
    from compared
    inner join latest on compared.friction_type = latest.friction_type
    {{ join_profiles('compared', 'started_on') }}
    group by all
)

select * from final
