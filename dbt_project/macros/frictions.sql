{#-
    From totals and variances of a friction to its effect: rates, lost outcomes, Mantel–Haenszel difference and ratio,
    with standard errors. Reads the CTEs `wholes`, `totals` and `variances`; yields `final`.
-#}
{% macro friction_effects() %}
final as (
    select
        wholes.series_number,
        wholes.friction_type,
        wholes.segment_dimension,
        wholes.segment,
        cast(variances.customer_count as bigint) as customer_count,
        cast(wholes.journey_count as bigint) as journey_count,
        cast(wholes.affected_count as bigint) as affected_count,
        cast(wholes.affected_count - coalesce(totals.matched_count, 0) as bigint) as unmatched_count,
        cast(coalesce(totals.matched_count, 0) as bigint) as matched_count,
        wholes.first_seen_on,
        round(cast(totals.matched_outcome_count as double) / totals.matched_count, 6) as affected_outcome_rate,
        round(totals.expected_outcome_count / totals.matched_count, 6) as comparable_outcome_rate,
        round(totals.weighted_effect_sum / totals.weight_sum, 6) as effect,
        round(greatest(
            sqrt(variances.effect_square_sum * variances.cluster_count / nullif(variances.cluster_count - 1, 0)),
            sqrt(greatest(0.0, totals.weighted_effect_sum / totals.weight_sum * totals.sato_p + totals.sato_q))
        ) / totals.weight_sum, 6) as effect_standard_error,
        round(totals.weighted_affected_sum / nullif(totals.weighted_unaffected_sum, 0), 6) as effect_ratio,
        round(variances.score_sum / nullif(sqrt(variances.score_square_sum), 0), 6) as effect_score,
        round(totals.expected_outcome_count - totals.matched_outcome_count, 6) as lost_outcomes,
        round(greatest(
            sqrt(variances.lost_square_sum * variances.cluster_count / nullif(variances.cluster_count - 1, 0)),
            sqrt(totals.lost_variance)
        ), 6) as lost_outcomes_standard_error,
        round(totals.recent_lost_outcomes, 6) as recent_lost_outcomes,
        round(totals.previous_lost_outcomes, 6) as previous_lost_outcomes,
        round(sqrt(totals.period_variance), 6) as period_change_standard_error
    from wholes
    inner join variances on wholes.series_number = variances.series_number
    left join totals on wholes.series_number = totals.series_number
)
{% endmacro %}

{#-
    Outcomes lost in the last period and in the one before, against the same comparable chances as over all time, and the
    variance of the difference between both for independent chances.
-#}
{% macro period_losses(strata) %}
        {%- set n0 = 'cast(' ~ strata ~ '.unaffected_count as double)' -%}
        {%- set q1 = '((' ~ strata ~ '.affected_outcome_count + 0.5) / (cast(' ~ strata ~ '.affected_count as double) + 1.0))' -%}
        {%- set q0 = '((' ~ strata ~ '.unaffected_outcome_count + 0.5) / (' ~ n0 ~ ' + 1.0))' -%}
        {%- for name in ['recent', 'previous'] %}
        cast(sum(cast(
            {{ strata }}.{{ name }}_affected_count * {{ strata }}.unaffected_rate
            - {{ strata }}.{{ name }}_affected_outcome_count as decimal(28, 12)
        )) as double) as {{ name }}_lost_outcomes,
        {%- endfor %}
        cast(sum(cast(
            ({{ strata }}.recent_affected_count + {{ strata }}.previous_affected_count) * {{ q1 }} * (1.0 - {{ q1 }})
            + power({{ strata }}.recent_affected_count - {{ strata }}.previous_affected_count, 2)
            * {{ q0 }} * (1.0 - {{ q0 }}) / {{ n0 }} as decimal(28, 12)
        )) as double) as period_variance
{%- endmacro %}

{#-
    Variances for independent chances that stay right when strata are sparse. `sato_p` and `sato_q`: of the
    Mantel–Haenszel difference times its weight (Sato 1989). `lost_variance`: of lost outcomes, with
    half an outcome and half a failure added to each side, so that a side of one chance is not taken for certain.
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

{#-
    Solution of normal equations (a list of rows and a list of right-hand sides) by damped Jacobi steps from zero. The
    damping, one over the number of unknowns, makes them converge for every positive semidefinite matrix; of unknowns that
    cannot be told apart each gets the same.
-#}
{% macro jacobi_solution(matrix, sides, steps) -%}
    list_reduce(
        list_transform(range({{ steps }}), lambda step: list_transform({{ sides }}, lambda side: 0.0)),
        lambda solution, step: list_transform(
            {{ matrix }},
            lambda matrix_row, place: solution[place] + coalesce(
                ({{ sides }}[place] - list_dot_product(matrix_row, solution))
                / nullif(matrix_row[place], 0) / len({{ sides }}), 0
            )
        )
    )
{%- endmacro %}

{#- What each unknown would be if it were the only one. -#}
{% macro diagonal_solution(matrix, sides) -%}
    list_transform(
        {{ matrix }}, lambda matrix_row, place: coalesce({{ sides }}[place] / nullif(matrix_row[place], 0), 0)
    )
{%- endmacro %}
