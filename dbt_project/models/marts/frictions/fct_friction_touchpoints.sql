-- Where frictions strike: the affected chances of each touchpoint, and their part of the value at stake.
with struck as (
    select
        friction_type,
        customer_key,
        device,
        started_on,
        touchpoint,
        count(*) as affected_count
    from {{ ref('int_friction_opportunities__compared') }}
    where is_affected
    group by all
),

segmented as (
    {{ by_segment('struck', 'started_on', device='device') }}
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
