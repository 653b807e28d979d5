-- Spearman's correlation of effort and CSAT of the same respondents (middle ranks where answers are equal, as whole numbers
-- twice as large) per question, survey, language and wave, over all surveys and languages of a wave, and of each wave
-- together with the next.
with answers as (
    select * from {{ ref('int_survey_answers__linked') }}
    where is_answered
),

satisfactions as (
    select
        survey_id,
        response_id,
        arg_min(score, question_id) as satisfaction
    from answers
    where measure = 'csat'
    group by survey_id, response_id
),

pairs as (
    select
        answers.answer_key,
        answers.question_id,
        answers.survey_id,
        answers.language,
        answers.wave_start,
        answers.effort,
        satisfactions.satisfaction
    from answers
    inner join satisfactions
        on answers.survey_id = satisfactions.survey_id and answers.response_id = satisfactions.response_id
    where answers.measure = 'effort'
),

waves as (
    select
        question_id,
        wave_start,
        lead(wave_start) over (partition by question_id order by wave_start) as next_start
    from pairs
    group by question_id, wave_start
),

levelled as (
    select
        *,
        false as is_double
    from pairs
    union all
    select
        * replace ('all' as survey_id, 'all' as language),
        false as is_double
    from pairs
    union all
    select
        pairs.* replace ('all' as survey_id, 'all' as language, waves.wave_start as wave_start),
        true as is_double
    from pairs
    inner join waves
        on
            pairs.question_id = waves.question_id
            and waves.next_start is not null
            and pairs.wave_start in (waves.wave_start, waves.next_start)
),

tied as (
    select
        *,
        2 * rank() over (partition by question_id, survey_id, language, wave_start, is_double order by effort)
        + count(*) over (partition by question_id, survey_id, language, wave_start, is_double, effort) as effort_rank,
        2 * rank() over (partition by question_id, survey_id, language, wave_start, is_double order by satisfaction)
        + count(*) over (
            partition by question_id, survey_id, language, wave_start, is_double, satisfaction
        ) as satisfaction_rank
    from levelled
),

sums as (
    select
        question_id,
        survey_id,
        language,
        wave_start,
        is_double,
        count(*) as pair_count,
        count(*) * sum(effort_rank * satisfaction_rank) - sum(effort_rank) * sum(satisfaction_rank) as covariance,
        count(*) * sum(effort_rank * effort_rank) - sum(effort_rank) * sum(effort_rank) as effort_variance,
        count(*) * sum(satisfaction_rank * satisfaction_rank)
        - sum(satisfaction_rank) * sum(satisfaction_rank) as satisfaction_variance
    from tied
    group by question_id, survey_id, language, wave_start, is_double
),

final as (
    select
        *,
        round(
            cast(covariance as double)
            / nullif(sqrt(cast(effort_variance as double) * cast(satisfaction_variance as double)), 0), 6
        ) as correlation
    from sums
)

select * from final
