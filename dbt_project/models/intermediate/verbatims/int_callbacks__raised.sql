-- Reasons to call a customer back: the latest recommendation answer is a detractor's, a bad review has no reply, or a
-- complaint was left without an answer of a human. Whether somebody spoke to the customer since is looked at downstream.
with answers as (
    select * from {{ ref('int_survey_answers__linked') }}
    where measure = 'nps' and is_answered and is_linked
),

reviews as (
    select * from {{ ref('int_reviews__identified') }}
),

contacts as (
    select * from {{ ref('int_contacts__identified') }}
),

latest_answers as (
    select * from answers
    qualify row_number() over (partition by customer_key order by answered_at desc, answer_key asc) = 1
),

raised as (
    select
        'detractor' as reason,
        answer_key as verbatim_key,
        customer_key,
        answered_at as raised_at
    from latest_answers
    where is_detractor
    union all
    select
        'unanswered_review' as reason,
        review_key as verbatim_key,
        customer_key,
        published_at as raised_at
    from reviews
    where rating <= {{ var('bad_review_rating') }} and replied_at is null
    union all
    select
        'unanswered_complaint' as reason,
        contact_key as verbatim_key,
        customer_key,
        opened_at as raised_at
    from contacts
    where is_complaint and is_inbound and first_response_at is null and (closed_at is null or is_abandoned)
),

final as (
    select * from raised
    where customer_key is not null
)

select * from final
