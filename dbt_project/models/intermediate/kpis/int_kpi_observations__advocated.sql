-- Observations of reviews and recommendations by satisfied customers, with and without a request. A request is a message
-- that asks for an opinion, after the answer that shows the customer satisfied.
with referrals as (
    select * from {{ ref('stg_crm__referrals') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

answers as (
    select * from {{ ref('int_survey_answers__linked') }}
),

reviews as (
    select * from {{ ref('int_reviews__identified') }}
),

messages as (
    select * from {{ ref('int_messages__identified') }}
    where purpose = 'survey'
),

satisfied as (
    select
        response_id,
        customer_key,
        min(answered_at) as answered_at
    from answers
    where is_answered and is_linked and ((measure = 'nps' and is_promoter) or (measure = 'csat' and is_top_box))
    group by all
),

advocacy as (
    select
        customer_key,
        published_at as advocated_at
    from reviews
    where customer_key is not null and rating is not null
    union all
    select
        identifiers.customer_key,
        referrals.referred_at as advocated_at
    from referrals
    inner join identifiers
        on identifiers.identifier_type = 'crm' and referrals.customer_id = identifiers.identifier
),

asked as (
    select
        satisfied.response_id,
        satisfied.customer_key,
        satisfied.answered_at,
        min(messages.sent_at) as requested_at
    from satisfied
    left join messages
        on
            satisfied.customer_key = messages.customer_key
            and messages.sent_at > satisfied.answered_at
            and messages.sent_at <= satisfied.answered_at + interval '{{ var("advocacy_days") }} days'
    group by all
),

advocates as (
    select distinct
        asked.response_id,
        asked.customer_key
    from asked
    inner join advocacy on asked.customer_key = advocacy.customer_key
    where
        advocacy.advocated_at > coalesce(asked.requested_at, asked.answered_at)
        and advocacy.advocated_at
        <= coalesce(asked.requested_at, asked.answered_at) + interval '{{ var("advocacy_days") }} days'
),

unioned as (
    select
        case when asked.requested_at is null then 'advocacy_not_asked' else 'advocacy_asked' end as kpi_id,
        {{ surrogate_key(['asked.response_id', 'asked.customer_key']) }} as unit_key,
        asked.customer_key,
        asked.customer_key as person_key,
        asked.answered_at as observed_at,
        cast(advocates.response_id is not null as integer) as numerator,
        1 as denominator
    from asked
    left join advocates
        on asked.response_id = advocates.response_id and asked.customer_key = advocates.customer_key
),

{{ observed('unioned') }}

select * from final
