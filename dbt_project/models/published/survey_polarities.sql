-- How effort and satisfaction of the same respondents go together, per question, survey, language and wave. Groups of few
-- respondents say no figure.
with polarities as (
    select * from {{ ref('int_survey_polarities__tested') }}
),

final as (
    select
        question_id,
        survey_id,
        language,
        wave_start,
        case
            when pair_count >= {{ var('suppression_minimum_customers') }} then cast(pair_count as bigint)
        end as pair_count,
        case when pair_count >= {{ var('minimum_n') }} then correlation end as correlation,
        adjusted_p_value,
        verdict as polarity,
        pair_count < {{ var('suppression_minimum_customers') }} as is_suppressed
    from polarities
)

select * from final
