{#- The columns of the published ranking, from the CTEs `ranked` and `friction_types`; yields `labelled`. -#}
{% macro friction_ranking_columns() %}
labelled as (
    select
        ranked.segment_dimension,
        ranked.segment,
        ranked.customer_count,
        ranked.friction_rank,
        ranked.rank_low,
        ranked.rank_high,
        ranked.is_separable_from_next,
        ranked.friction_type,
        friction_types.category,
        friction_types.label_en,
        friction_types.label_fr,
        friction_types.owner,
        cast(friction_types.effort_days as integer) as effort_days,
        friction_types.action_en,
        friction_types.action_fr,
        friction_types.outcome,
        ranked.journey_count,
        ranked.affected_count,
        ranked.unmatched_count,
        cast(ranked.overlap_count as bigint) as overlap_count,
        cast(ranked.evidence_count as bigint) as evidence_count,
        ranked.first_seen_on,
        ranked.affected_outcome_rate,
        ranked.comparable_outcome_rate,
        ranked.effect,
        case when ranked.effect is not null then
            round(greatest(-1.0, ranked.effect - {{ z_95() }} * ranked.effect_standard_error), 6)
        end as effect_low,
        case when ranked.effect is not null then
            round(least(1.0, ranked.effect + {{ z_95() }} * ranked.effect_standard_error), 6)
        end as effect_high,
        ranked.effect_ratio,
        round(ranked.lost_outcomes, 2) as lost_outcomes,
        round(ranked.lost_outcomes - {{ z_95() }} * ranked.lost_outcomes_standard_error, 2) as lost_outcomes_low,
        round(ranked.lost_outcomes + {{ z_95() }} * ranked.lost_outcomes_standard_error, 2) as lost_outcomes_high,
        cast(ranked.value_amount as decimal(18, 2)) as outcome_value_amount,
        cast(ranked.value_at_stake as decimal(18, 2)) as value_at_stake_amount,
        cast(ranked.value_at_stake - ranked.value_at_stake_half_width as decimal(18, 2)) as value_at_stake_low_amount,
        cast(ranked.value_at_stake + ranked.value_at_stake_half_width as decimal(18, 2)) as value_at_stake_high_amount,
        cast(ranked.value_if_alone as decimal(18, 2)) as value_if_alone_amount,
        cast(ranked.value_if_alone - ranked.value_if_alone_half_width as decimal(18, 2)) as value_if_alone_low_amount,
        cast(ranked.value_if_alone + ranked.value_if_alone_half_width as decimal(18, 2)) as value_if_alone_high_amount,
        '{{ var("reporting_currency") }}' as currency,
        round(ranked.recent_lost_outcomes, 2) as recent_lost_outcomes,
        round(ranked.previous_lost_outcomes, 2) as previous_lost_outcomes,
        case
            when not ranked.is_shown_to_matter or ranked.period_score is null then null
            when ranked.period_score > {{ z_95() }} then 'rising'
            when ranked.period_score < -{{ z_95() }} then 'falling'
            else 'steady'
        end as trend,
        ranked.p_value,
        ranked.q_value,
        ranked.is_shown_to_matter,
        case
            when not ranked.is_shown_to_matter then null
            when ranked.value_at_stake >= ranked.median_value_at_stake
                then case
                    when friction_types.effort_days <= {{ var('friction_high_effort_days') }} then 'quick win'
                    else 'major project'
                end
            when friction_types.effort_days <= {{ var('friction_high_effort_days') }} then 'fill-in'
            else 'avoid'
        end as quadrant,
        ranked.matched_count < {{ var('minimum_n') }} as is_small_n
    from ranked
    inner join friction_types on ranked.friction_type = friction_types.friction_type
)
{% endmacro %}

{#- Measures of the ranking that are hidden where few people stand behind them. -#}
{% macro friction_ranking_measures() -%}
    {{ return([
        'friction_rank', 'rank_low', 'rank_high', 'is_separable_from_next', 'journey_count', 'affected_count',
        'unmatched_count', 'overlap_count', 'evidence_count', 'first_seen_on', 'affected_outcome_rate',
        'comparable_outcome_rate', 'effect', 'effect_low', 'effect_high', 'effect_ratio', 'lost_outcomes',
        'lost_outcomes_low', 'lost_outcomes_high', 'outcome_value_amount', 'value_at_stake_amount',
        'value_at_stake_low_amount', 'value_at_stake_high_amount', 'value_if_alone_amount', 'value_if_alone_low_amount',
        'value_if_alone_high_amount', 'recent_lost_outcomes', 'previous_lost_outcomes', 'trend', 'p_value', 'q_value',
        'is_shown_to_matter', 'quadrant', 'is_small_n'
    ]) }}
{%- endmacro %}
