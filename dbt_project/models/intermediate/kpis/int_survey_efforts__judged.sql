-- Effort answers with the verdict on the direction of their scale: that of their own group, else, where it is too small,
-- that of their wave; without either it is unverified. Contradicted answers count in no KPI.
with answers as (
    select * from {{ ref('int_survey_answers__linked') }}
    where measure = 'effort' and is_answered
),

polarities as (
    select * from {{ ref('int_survey_polarities__tested') }}
    where verdict <> 'unverified'
),

final as (
    select
        answers.*,
        coalesce(groups.verdict, waves.verdict, 'unverified') as polarity
    from answers
    left join polarities as groups
        on
            answers.question_id = groups.question_id
            and answers.survey_id = groups.survey_id
            and answers.language = groups.language
            and answers.wave_start = groups.wave_start
    left join polarities as waves
        on
            answers.question_id = waves.question_id
            and waves.survey_id = 'all'
            and waves.language = 'all'
            and answers.wave_start = waves.wave_start
)

select * from final
