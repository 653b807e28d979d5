-- Texts of customers: survey comments, reviews and mentions, notes of contacts they made. A view, so that a text stands in
-- no second place; what is made of it downstream has no text. Addresses and numbers were taken out at the door.
{{ config(materialized='view') }}
with responses as (
    select * from {{ ref('stg_surveys__responses') }}
    where answered_at is not null
),

answers as (
    select * from {{ ref('int_survey_answers__linked') }}
),

feedback as (
    select * from {{ ref('stg_surveys__feedback') }}
),

reviews as (
    select * from {{ ref('int_reviews__identified') }}
),

interactions as (
    select * from {{ ref('stg_crm__interactions') }}
    where direction <> 'outbound'
),

contacts as (
    select * from {{ ref('int_contacts__identified') }}
),

recommendations as (
    select
        response_id,
        bool_or(is_promoter) as is_promoter,
        bool_or(is_detractor) as is_detractor
    from answers
    where measure = 'nps' and is_answered
    group by response_id
),

commented as (
    select
        answers.answer_key as verbatim_key,
        answers.customer_key,
        answers.person_key,
        'survey_responses' as source_table,
        responses.response_id as source_row_id,
        case
            when recommendations.is_promoter then 'promoter'
            when recommendations.is_detractor then 'detractor'
            else 'answered'
        end as source_value,
        case
            when recommendations.is_promoter then 'promoter'
            when recommendations.is_detractor then 'detractor'
            when recommendations.response_id is not null then 'passive'
        end as answered_nps_class,
        responses.answered_at,
        responses.language as delivered_language,
        responses.comment as body
    from responses
    inner join answers on responses.answer_key = answers.answer_key
    left join recommendations on responses.response_id = recommendations.response_id
),

reviewed as (
    select
        reviews.review_key as verbatim_key,
        reviews.customer_key,
        reviews.person_key,
        'feedback' as source_table,
        feedback.feedback_id as source_row_id,
        case
            when feedback.rating is null then 'unrated'
            when feedback.rating <= 2 then 'negative'
            when feedback.rating >= 4 then 'positive'
            else 'neutral'
        end as source_value,
        feedback.published_at as answered_at,
        feedback.language as delivered_language,
        feedback.body
    from feedback
    inner join reviews on {{ surrogate_key(["'feedback'", 'feedback.feedback_id']) }} = reviews.review_key
),

told as (
    select
        contacts.contact_key as verbatim_key,
        contacts.customer_key,
        contacts.person_key,
        'interactions' as source_table,
        interactions.interaction_id as source_row_id,
        contacts.channel || case when contacts.is_complaint then '_complaint' else '' end as source_value,
        contacts.opened_at as answered_at,
        interactions.note as body
    from interactions
    inner join contacts on {{ surrogate_key(["'contact'", 'interactions.interaction_id']) }} = contacts.contact_key
),

unioned as (
    select * from commented
    union all by name
    select * from reviewed
    union all by name
    select * from told
),

final as (
    select * from unioned
    where trim(body) <> ''
)

select * from final
