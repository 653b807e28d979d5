-- Observations of the KPIs that come from surveys. Effort answers that satisfaction contradicts count in none. The gap
-- between channels compares answers about touchpoints with people (treated) with those about digital ones (baseline).
with answers as (
    select * from {{ ref('int_survey_answers__linked') }}
),

efforts as (
    select * from {{ ref('int_survey_efforts__judged') }}
    where polarity <> 'contradicted'
),

asked_touchpoints as (
    select * from {{ ref('asked_touchpoints') }}
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

scored as (
    select
        case measure when 'expectation' then 'expectation_gap' else measure end as kpi_id,
        *,
        case measure
            when 'nps' then case when is_promoter then 1 when is_detractor then -1 else 0 end
            when 'expectation' then expectation_gap
            else cast(is_top_box as integer)
        end as numerator
    from answers
    where is_answered and measure in ('nps', 'csat', 'value_for_money', 'expectation')
    union all by name
    select
        'effort_score' as kpi_id,
        *,
        effort as numerator
    from efforts
    union all by name
    select
        'low_effort_share' as kpi_id,
        *,
        cast(is_low_effort as integer) as numerator
    from efforts
),

unioned as (
    select
        kpi_id,
        answer_key as unit_key,
        customer_key,
        person_key,
        answered_at as observed_at,
        case deduplication when 'last_of_window' then survey_id end as last_answer_group,
        null as arm,
        numerator
    from scored
    union all
    select
        'channel_csat_gap' as kpi_id,
        scored.answer_key as unit_key,
        scored.customer_key,
        scored.person_key,
        scored.answered_at as observed_at,
        null as last_answer_group,
        case asked_touchpoints.kind when 'digital' then 'baseline' else 'treated' end as arm,
        scored.numerator
    from scored
    inner join asked_touchpoints on scored.asked_touchpoint = asked_touchpoints.asked_touchpoint
    where scored.kpi_id = 'csat'
    union all
    select
        'survey_response_rate' as kpi_id,
        {{ surrogate_key(['response_id', 'survey_id']) }} as unit_key,
        customer_key,
        person_key,
        invited_at as observed_at,
        null as last_answer_group,
        null as arm,
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
        null as arm,
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
