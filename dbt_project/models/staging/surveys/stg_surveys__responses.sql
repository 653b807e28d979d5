-- The latest version of each invitation and question, with what the question measures.
with latest as (
    {{ latest_landed('survey_responses') }}
),

questions as (
    select * from {{ ref('survey_questions') }}
),

final as (
    select
        latest._key_hash as answer_key,
        latest.response_id,
        latest.survey_id,
        latest.question_id,
        questions.measure,
        latest.customer_id,
        latest.email_hash,
        latest.invited_at,
        latest.answered_at,
        latest.score,
        latest.comment,
        latest.language,
        latest.touchpoint as asked_touchpoint,
        questions.scale_min,
        questions.scale_max,
        questions.is_higher_better,
        questions.top_box_min,
        questions.promoter_min,
        questions.detractor_max,
        questions.expected_score,
        questions.wave,
        questions.deduplication
    from latest
    inner join questions on latest.question_id = questions.question_id
)

select * from final
