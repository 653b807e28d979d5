-- Frictions per segment, ranked by the value at stake. What is not shown to matter has no rank; what cannot be seen for
-- want of data is listed once, with the reason.
with effects as (
    select * from {{ ref('int_friction_effects__valued') }}
    where kind = 'friction'
),

ranks as (
    select * from {{ ref('int_friction_ranks__bounded') }}
),

evidence as (
    select * from {{ ref('int_friction_evidence__counted') }}
),

friction_types as (
    select * from {{ ref('friction_types') }}
),

types as (
    select * from {{ ref('int_friction_types__declared') }}
    where kind = 'friction'
),

ranked as (
    select
        effects.* exclude (first_seen_on),
        ranks.friction_rank,
        ranks.rank_low,
        ranks.rank_high,
        ranks.is_separable_from_next,
        ranks.median_value_at_stake,
        coalesce(evidence.first_seen_on, effects.first_seen_on) as first_seen_on,
        coalesce(evidence.evidence_count, 0) as evidence_count,
        (effects.recent_lost_outcomes - effects.previous_lost_outcomes)
        / nullif(effects.period_change_standard_error, 0) as period_score
    from effects
    left join ranks using (friction_type, segment_dimension, segment)
    left join evidence using (friction_type, segment_dimension, segment)
),

{{ friction_ranking_columns() }},

{{ suppress(
    'labelled',
    cell=['friction_type'],
    measures=friction_ranking_measures()
) }},

unavailable as (
    select
        'all' as segment_dimension,
        'all' as segment,
        types.friction_type,
        friction_types.category,
        friction_types.label_en,
        friction_types.label_fr,
        friction_types.owner,
        cast(friction_types.effort_days as integer) as effort_days,
        friction_types.action_en,
        friction_types.action_fr,
        friction_types.outcome,
        '{{ var("reporting_currency") }}' as currency,
        false as is_shown_to_matter,
        false as is_small_n,
        false as is_suppressed,
        types.is_available,
        types.unavailable_reason
    from types
    inner join friction_types on types.friction_type = friction_types.friction_type
    where not types.is_available
),

final as (
    select
        *,
        true as is_available,
        cast(null as varchar) as unavailable_reason
    from suppressed
    union all by name
    select * from unavailable
)

select * from final
