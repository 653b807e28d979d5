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
        round(greatest(
            sqrt(variances.effect_square_sum * variances.cluster_count / nullif(variances.cluster_count - 1, 0)),
            sqrt(greatest(0.0, totals.weighted_effect_sum / totals.weight_sum * totals.sato_p + totals.sato_q))
        ) / totals.weight_sum, 6) as effect_standard_error,
        round(variances.score_sum / nullif(sqrt(variances.score_square_sum), 0), 6) as effect_score,
        round(totals.expected_outcome_count - totals.matched_outcome_count, 6) as lost_outcomes,
        round(greatest(
            sqrt(variances.lost_square_sum * variances.cluster_count / nullif(variances.cluster_count - 1, 0)),
            sqrt(totals.lost_variance)
        ), 6) as lost_outcomes_standard_error
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

{#-
    Variances for independent visits that stay right when strata are sparse. `sato_p` and `sato_q`: of the
    Mantel–Haenszel difference times its weight (Sato 1989). `lost_variance`: of lost outcomes, with
    half an outcome and half a failure added to each side, so that a side of one visit is not taken for certain.
-#}
{% macro sparse_variances(strata) %}
        {%- set n1 = 'cast(' ~ strata ~ '.affected_count as double)' -%}
        {%- set n0 = 'cast(' ~ strata ~ '.unaffected_count as double)' -%}
        {%- set y1 = strata ~ '.affected_outcome_count' -%}
        {%- set y0 = strata ~ '.unaffected_outcome_count' -%}
        {%- set q1 = '((' ~ y1 ~ ' + 0.5) / (' ~ n1 ~ ' + 1.0))' -%}
        {%- set q0 = '((' ~ y0 ~ ' + 0.5) / (' ~ n0 ~ ' + 1.0))' -%}
        cast(sum(cast(
            ({{ n1 }} * {{ n1 }} * {{ y0 }} - {{ n0 }} * {{ n0 }} * {{ y1 }} + {{ n1 }} * {{ n0 }} * ({{ n0 }} - {{ n1 }}) / 2.0)
            / power({{ n1 }} + {{ n0 }}, 2) as decimal(28, 12)
        )) as double) as sato_p,
        cast(sum(cast(
            ({{ y1 }} * ({{ n0 }} - {{ y0 }}) + {{ y0 }} * ({{ n1 }} - {{ y1 }})) / (2.0 * ({{ n1 }} + {{ n0 }}))
            as decimal(28, 12)
        )) as double) as sato_q,
        cast(sum(cast(
            {{ n1 }} * {{ n1 }} * ({{ q1 }} * (1.0 - {{ q1 }}) / {{ n1 }} + {{ q0 }} * (1.0 - {{ q0 }}) / {{ n0 }})
            as decimal(28, 12)
        )) as double) as lost_variance
{%- endmacro %}
