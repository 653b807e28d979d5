-- What helps customers on, per segment, by the method of frictions with the sign turned: outcomes gained among comparable
-- visits and their value. What is not shown to help has no rank.
with effects as (
    select * from {{ ref('int_friction_effects__valued') }}
    where kind = 'enabler'
),

ranks as (
    select * from {{ ref('int_friction_ranks__bounded') }}
),

enabler_types as (
    select * from {{ ref('enabler_types') }}
),

labelled as (
    select
        effects.segment_dimension,
        effects.segment,
        effects.customer_count,
        ranks.friction_rank as enabler_rank,
        ranks.rank_low,
        ranks.rank_high,
        effects.friction_type as enabler_type,
        enabler_types.label_en,
        enabler_types.label_fr,
        enabler_types.owner,
        cast(enabler_types.effort_days as integer) as effort_days,
        enabler_types.action_en,
        enabler_types.action_fr,
        enabler_types.outcome,
        effects.journey_count,
        effects.affected_count as helped_count,
        effects.unmatched_count,
        effects.affected_outcome_rate as helped_outcome_rate,
        effects.comparable_outcome_rate,
        effects.effect,
        round(greatest(-1.0, effects.effect - {{ z_95() }} * effects.effect_standard_error), 6) as effect_low,
        round(least(1.0, effects.effect + {{ z_95() }} * effects.effect_standard_error), 6) as effect_high,
        round(-effects.lost_outcomes, 2) as gained_outcomes,
        round(-effects.lost_outcomes - {{ z_95() }} * effects.lost_outcomes_standard_error, 2) as gained_outcomes_low,
        round(-effects.lost_outcomes + {{ z_95() }} * effects.lost_outcomes_standard_error, 2) as gained_outcomes_high,
        cast(effects.value_at_stake as decimal(18, 2)) as value_gained_amount,
        cast(effects.value_at_stake - effects.value_at_stake_half_width as decimal(18, 2)) as value_gained_low_amount,
        cast(effects.value_at_stake + effects.value_at_stake_half_width as decimal(18, 2)) as value_gained_high_amount,
        '{{ var("reporting_currency") }}' as currency,
        effects.p_value,
        effects.q_value,
        effects.is_shown_to_matter as is_shown_to_help,
        effects.matched_count < {{ var('minimum_n') }} as is_small_n
    from effects
    inner join enabler_types on effects.friction_type = enabler_types.enabler_type
    left join ranks using (friction_type, segment_dimension, segment)
),

{{ suppress(
    'labelled',
    cell=['enabler_type'],
    measures=[
        'enabler_rank', 'rank_low', 'rank_high', 'journey_count', 'helped_count', 'unmatched_count',
        'helped_outcome_rate', 'comparable_outcome_rate', 'effect', 'effect_low', 'effect_high', 'gained_outcomes',
        'gained_outcomes_low', 'gained_outcomes_high', 'value_gained_amount', 'value_gained_low_amount',
        'value_gained_high_amount', 'p_value', 'q_value', 'is_shown_to_help', 'is_small_n'
    ]
) }}

select * from suppressed
