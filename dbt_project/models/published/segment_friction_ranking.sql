-- Frictions per segment, ranked by the value at stake. What is not shown to matter has no rank.
with effects as (
    select * from {{ ref('fct_friction_effects') }}
),

friction_types as (
    select * from {{ ref('friction_types') }}
),

outcome_values as (
    select * from {{ ref('fct_outcome_values') }}
),

valued as (
    select
        effects.*,
        coalesce(own.outcome_value_amount, whole.outcome_value_amount) as value_amount,
        coalesce(own.outcome_value_standard_error, whole.outcome_value_standard_error) as value_standard_error,
        case
            when effects.effect_score is not null and effects.matched_count >= {{ var('minimum_n') }}
                then {{ normal_upper_tail('(-effects.effect_score)') }}
        end as p_value
    from effects
    left join outcome_values as own
        on effects.segment_dimension = own.segment_dimension and effects.segment = own.segment
    left join outcome_values as whole on whole.segment_dimension = 'all'
),

controlled as (
    select
        *,
        case
            when p_value is not null
                then least(1.0, min(p_value * test_count / p_rank) over (
                    order by p_rank desc rows between unbounded preceding and current row
                ))
        end as q_value
    from (
        select
            *,
            count(p_value) over () as test_count,
            row_number() over (
                order by p_value nulls last, friction_type, segment_dimension, segment
            ) as p_rank
        from valued
    )
),

staked as (
    select
        *,
        coalesce(q_value <= {{ var('friction_false_discovery_rate') }}, false) as is_shown_to_matter,
        lost_outcomes * cast(value_amount as double) as value_at_stake,
        {{ z_95() }} * sqrt(
            power(cast(value_amount as double) * lost_outcomes_standard_error, 2)
            + power(lost_outcomes * cast(value_standard_error as double), 2)
        ) as value_at_stake_half_width
    from controlled
),

ranked as (
    select
        *,
        case
            when is_shown_to_matter then cast(row_number() over (
                partition by segment_dimension, segment, is_shown_to_matter
                order by value_at_stake desc nulls last, friction_type
            ) as integer)
        end as friction_rank,
        median(value_at_stake) filter (where is_shown_to_matter) over (
            partition by segment_dimension, segment
        ) as median_value_at_stake
    from staked
),

{{ friction_ranking_columns() }},

{{ suppress(
    'labelled',
    cell=['friction_type'],
    measures=[
        'friction_rank', 'journey_count', 'affected_count', 'unmatched_count', 'affected_outcome_rate',
        'comparable_outcome_rate', 'effect', 'effect_low', 'effect_high', 'lost_outcomes', 'lost_outcomes_low',
        'lost_outcomes_high', 'outcome_value_amount', 'value_at_stake_amount', 'value_at_stake_low_amount',
        'value_at_stake_high_amount', 'p_value', 'q_value', 'is_shown_to_matter', 'quadrant', 'is_small_n'
    ]
) }}

select * from suppressed
