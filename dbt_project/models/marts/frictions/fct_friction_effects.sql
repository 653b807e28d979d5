-- Per friction and segment: outcomes lost among comparable chances, and what they are worth: shared fairly with other
-- frictions of the same journeys, and beside it, if this one alone were fixed.
with effects as (
    select * from {{ ref('int_friction_effects__valued') }}
    where kind = 'friction'
),

final as (
    select
        friction_type,
        segment_dimension,
        segment,
        customer_count,
        journey_count,
        affected_count,
        unmatched_count,
        matched_count,
        cast(overlap_count as bigint) as overlap_count,
        first_seen_on,
        affected_outcome_rate,
        comparable_outcome_rate,
        effect,
        effect_standard_error,
        effect_ratio,
        effect_score,
        lost_outcomes,
        lost_outcomes_standard_error,
        value_amount as outcome_value_amount,
        cast(value_at_stake as decimal(18, 2)) as value_at_stake,
        cast(value_at_stake - value_at_stake_half_width as decimal(18, 2)) as value_at_stake_low,
        cast(value_at_stake + value_at_stake_half_width as decimal(18, 2)) as value_at_stake_high,
        cast(value_if_alone as decimal(18, 2)) as value_if_alone,
        cast(value_if_alone - value_if_alone_half_width as decimal(18, 2)) as value_if_alone_low,
        cast(value_if_alone + value_if_alone_half_width as decimal(18, 2)) as value_if_alone_high,
        p_value,
        q_value,
        is_shown_to_matter
    from effects
)

select * from final
