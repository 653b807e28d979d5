-- Touchpoints of what customers say: a questionnaire answered is one, whatever the number of its questions, and is named
-- after its NPS answer where it has one; reviews are named after their rating. An answer to a review is the company's.
-- The latest versions of answers are sought of those alone that a run looks at.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
with questions as (
    select * from {{ ref('survey_questions') }}
),

latest as (
    {{ latest_landed('survey_responses', touchpoint_scope('response_id', 'survey_responses')) }}
),

responses as (
    select
        latest.*,
        questions.measure,
        questions.promoter_min,
        questions.detractor_max
    from latest
    inner join questions on latest.question_id = questions.question_id
    where latest.answered_at is not null and latest.score is not null
),

feedback as (
    select * from {{ ref('stg_surveys__feedback') }}
    where {{ touchpoint_scope('feedback_id', 'feedback') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

identifiers as not materialized (
    select * from {{ ref('int_identifiers__resolved') }}
),

questionnaires as (
    select
        response_id,
        min(answered_at) as answered_at,
        min(customer_id) as customer_id,
        min(email_hash) as email_hash,
        coalesce(bool_or(measure = 'nps' and score >= promoter_min), false) as is_promoter,
        coalesce(bool_or(measure = 'nps' and score <= detractor_max), false) as is_detractor
    from responses
    group by response_id
),

answered as (
    select
        {{ surrogate_key(["'survey_responses'", 'questionnaires.response_id']) }} as touchpoint_key,
        'survey_responses' as source_table,
        case
            when questionnaires.is_promoter then 'promoter'
            when questionnaires.is_detractor then 'detractor'
            else 'answered'
        end as source_value,
        questionnaires.response_id as source_row_id,
        questionnaires.answered_at as occurred_at,
        'survey' as channel,
        {{ identified_by(['crm', 'email']) }}
    from questionnaires
    {{ join_identifiers('questionnaires', {'crm': 'customer_id', 'email': 'email_hash'}) }}
),

reviews as (
    {{ moments_of(
        'feedback', 'feedback', 'feedback_id', {'published': 'published_at', 'answered': 'replied_at'},
        ['rating', 'order_id', 'customer_id']
    ) }}
),

reviewed as (
    select
        reviews.touchpoint_key,
        reviews.source_table,
        case
            when reviews.source_value = 'answered' then 'answered'
            when reviews.rating is null then 'unrated'
            when reviews.rating <= 2 then 'negative'
            when reviews.rating >= 4 then 'positive'
            else 'neutral'
        end as source_value,
        reviews.source_row_id,
        reviews.occurred_at,
        'review' as channel,
        coalesce(crm_ids.customer_key, orders.customer_key) as customer_key,
        coalesce(crm_ids.is_known, orders.customer_key is not null) as is_known,
        reviews.order_id
    from reviews
    left join orders on reviews.order_id = orders.order_id
    {{ join_identifiers('reviews', {'crm': 'customer_id'}) }}
),

final as (
    select * from answered
    union all by name
    select * from reviewed
)

select * from final
