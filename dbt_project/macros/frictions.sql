{#-
    From totals and variances of a friction to its effect: rates, lost outcomes and Mantel–Haenszel difference with
    standard errors. Reads the CTEs `totals`, `variances` and `segmented`; yields `final`.
-#}
{% macro friction_effects() %}
persons as (
    select
        friction_type,
        segment_dimension,
        segment,
        count(distinct customer_key) as customer_count
    from segmented
    group by all
),

final as (
    select
        totals.friction_type,
        totals.segment_dimension,
        totals.segment,
        cast(persons.customer_count as bigint) as customer_count,
        cast(totals.journey_count as bigint) as journey_count,
        cast(totals.affected_count as bigint) as affected_count,
        cast(coalesce(totals.unmatched_count, 0) as bigint) as unmatched_count,
        cast(coalesce(totals.matched_count, 0) as bigint) as matched_count,
        round(cast(totals.matched_outcome_count as double) / totals.matched_count, 6) as affected_outcome_rate,
        round(totals.expected_outcome_count / totals.matched_count, 6) as comparable_outcome_rate,
        round(totals.weighted_effect_sum / totals.weight_sum, 6) as effect,
        round(
            sqrt(variances.effect_square_sum * variances.cluster_count / nullif(variances.cluster_count - 1, 0))
            / totals.weight_sum, 6
        ) as effect_standard_error,
        round(totals.expected_outcome_count - totals.matched_outcome_count, 6) as lost_outcomes,
        round(
            sqrt(variances.lost_square_sum * variances.cluster_count / nullif(variances.cluster_count - 1, 0)), 6
        ) as lost_outcomes_standard_error
    from totals
    inner join persons
        on
            totals.friction_type = persons.friction_type
            and totals.segment_dimension = persons.segment_dimension
            and totals.segment = persons.segment
    left join variances
        on
            totals.friction_type = variances.friction_type
            and totals.segment_dimension = variances.segment_dimension
            and totals.segment = variances.segment
)
{% endmacro %}

{#- The columns of the published ranking, from the CTEs `ranked` and `friction_types`; yields `labelled`. -#}
{% macro friction_ranking_columns() %}
labelled as (
    select
        ranked.segment_dimension,
        ranked.segment,
        ranked.customer_count,
        ranked.friction_rank,
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
        ranked.affected_outcome_rate,
        ranked.comparable_outcome_rate,
        ranked.effect,
        round(ranked.effect - {{ z_95() }} * ranked.effect_standard_error, 6) as effect_low,
        round(ranked.effect + {{ z_95() }} * ranked.effect_standard_error, 6) as effect_high,
        round(ranked.lost_outcomes, 2) as lost_outcomes,
        round(ranked.lost_outcomes - {{ z_95() }} * ranked.lost_outcomes_standard_error, 2) as lost_outcomes_low,
        round(ranked.lost_outcomes + {{ z_95() }} * ranked.lost_outcomes_standard_error, 2) as lost_outcomes_high,
        cast(ranked.value_amount as decimal(18, 2)) as outcome_value_amount,
        cast(ranked.value_at_stake as decimal(18, 2)) as value_at_stake_amount,
        cast(ranked.value_at_stake - ranked.value_at_stake_half_width as decimal(18, 2)) as value_at_stake_low_amount,
        cast(ranked.value_at_stake + ranked.value_at_stake_half_width as decimal(18, 2)) as value_at_stake_high_amount,
        '{{ var("reporting_currency") }}' as currency,
        round(ranked.p_value, 6) as p_value,
        round(ranked.q_value, 6) as q_value,
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
