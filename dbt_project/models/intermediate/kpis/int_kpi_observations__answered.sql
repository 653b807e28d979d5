-- Observations of the KPIs that come from surveys.
with answers as (
    select * from {{ ref('int_survey_answers__linked') }}
),

questionnaires as (
    select
        response_id,
        survey_id,
        min(customer_key) as customer_key,
        min(person_key) as person_key,
        bool_or(is_linked) as is_linked,
        min(invited_at) as invited_at,
        min(answered_at) filter (where is_answered) as answered_at
    from answers
    group by response_id, survey_id
),

unioned as (
    select
        'nps' as kpi_id,
        answer_key as unit_key,
        customer_key,
        person_key,
        answered_at as observed_at,
        survey_id as last_answer_group,
        case when is_promoter then 1 when is_detractor then -1 else 0 end as numerator
    from answers
    where measure = 'nps' and is_answered
    union all
    select
        'csat' as kpi_id,
        answer_key as unit_key,
        customer_key,
        person_key,
        answered_at as observed_at,
        null as last_answer_group,
        case when is_top_box then 1 else 0 end as numerator
    from answers
    where measure = 'csat' and is_answered
    union all
    select
        'effort_score' as kpi_id,
        answer_key as unit_key,
        customer_key,
        person_key,
        answered_at as observed_at,
        null as last_answer_group,
        effort as numerator
    from answers
    where measure = 'effort' and is_answered
    union all
    select
        'low_effort_share' as kpi_id,
        answer_key as unit_key,
        customer_key,
        person_key,
        answered_at as observed_at,
        null as last_answer_group,
        case when is_low_effort then 1 else 0 end as numerator
    from answers
    where measure = 'effort' and is_answered
    union all
    select
        'survey_response_rate' as kpi_id,
        {{ surrogate_key(['response_id', 'survey_id']) }} as unit_key,
        customer_key,
        person_key,
        invited_at as observed_at,
        null as last_answer_group,
        case when answered_at is not null then 1 else 0 end as numerator
    from questionnaires
    where invited_at is not null
    union all
    select
        'linked_answer_share' as kpi_id,
        {{ surrogate_key(['response_id', 'survey_id']) }} as unit_key,
        customer_key,
        person_key,
        answered_at as observed_at,
        null as last_answer_group,
        case when is_linked then 1 else 0 end as numerator
    from questionnaires
    where answered_at is not null
),

final as (
    select
        * replace (cast(numerator as decimal(18, 4)) as numerator),
        cast(1 as decimal(18, 4)) as denominator,
        {{ business_date('observed_at') }} as observed_on
    from unioned
)

select * from final
