-- Where frictions strike: the affected chances of each touchpoint, and their part of the value at stake.
with compared as (
    select * from {{ ref('int_friction_opportunities__compared') }}
    where is_affected
),

struck as (
    select
        compared.friction_type,
        profiles.profile,
        compared.device,
        compared.touchpoint,
        count(*) as affected_count
    from compared
    {{ join_profiles('compared', 'started_on') }}
    group by all
),

segmented as (
    {{ by_profile('struck') }}
),

counted as (
    select
        friction_type,
        segment_dimension,
        segment,
        touchpoint,
        cast(sum(affected_count) as bigint) as affected_n
    from segmented
    group by all
),

effects as (
    select * from {{ ref('fct_friction_effects') }}
),

final as (
    select
        counted.friction_type,
        counted.segment_dimension,
        counted.segment,
        counted.touchpoint,
        counted.affected_n,
        cast(
            cast(effects.value_at_stake as double) * counted.affected_n / effects.affected_count as decimal(18, 2)
        ) as value_at_stake
    from counted
    inner join effects using (friction_type, segment_dimension, segment)
)

select * from final
