-- What customers said of their experience, as a share of its scale (0 worst, 1 best): survey answers, rated reviews and the
-- tone of what was written. Effort answers that satisfaction contradicts say nothing.
with answers as (
    select * from {{ ref('int_survey_answers__linked') }}
    where is_answered
),

contradicted as (
    select answer_key from {{ ref('int_survey_efforts__judged') }}
    where polarity = 'contradicted'
),

questions as (
    select * from {{ ref('survey_questions') }}
),

reviews as (
    select * from {{ ref('int_reviews__identified') }}
    where rating is not null
),

verbatims as (
    select * from {{ ref('int_verbatims__scored') }}
    where sentiment is not null
),

final as (
    select
        answers.answer_key as score_key,
        'survey_responses' as source_table,
        answers.response_id as experience_id,
        answers.customer_key,
        answers.person_key,
        answers.answered_at as scored_at,
        answers.answered_on as scored_on,
        answers.measure,
        answers.asked_touchpoint,
        answers.is_top_box,
        answers.effort,
        case
            when questions.is_higher_better then answers.score - questions.scale_min
            else questions.scale_max - answers.score
        end / cast(questions.scale_max - questions.scale_min as double) as score_share
    from answers
    inner join questions on answers.question_id = questions.question_id
    left join contradicted on answers.answer_key = contradicted.answer_key
    where contradicted.answer_key is null
    union all by name
    select
        review_key as score_key,
        'feedback' as source_table,
        review_key as experience_id,
        customer_key,
        person_key,
        published_at as scored_at,
        published_on as scored_on,
        'rating' as measure,
        'review' as asked_touchpoint,
        (rating - 1) / 4.0 as score_share
    from reviews
    union all by name
    select
        verbatims.verbatim_key || '/sentiment' as score_key,
        verbatims.source_table,
        coalesce(answers.response_id, verbatims.verbatim_key) as experience_id,
        verbatims.customer_key,
        verbatims.person_key,
        verbatims.answered_at as scored_at,
        verbatims.answered_on as scored_on,
        'sentiment' as measure,
        case verbatims.source_table when 'feedback' then 'review' else answers.asked_touchpoint end as asked_touchpoint,
        case verbatims.source_table when 'interactions' then verbatims.touchpoint end as own_touchpoint,
        (cast(verbatims.sentiment as double) + 1) / 2.0 as score_share
    from verbatims
    left join answers on verbatims.verbatim_key = answers.answer_key
)

select * from final
