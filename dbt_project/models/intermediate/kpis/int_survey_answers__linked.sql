-- Invitations and answers with their customer, effort on 0–100 (100 is most effort), and the person they count for:
-- the customer where known, else the questionnaire.
with responses as (
    select * from {{ ref('stg_surveys__responses') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
    where is_known
),

linked as (
    select
        responses.*,
        {{ business_date('responses.answered_at') }} as answered_on,
        coalesce(crm_ids.customer_key, addresses.customer_key) as customer_key
    from responses
    left join identifiers as crm_ids
        on crm_ids.identifier_type = 'crm' and responses.customer_id = crm_ids.identifier
    left join identifiers as addresses
        on addresses.identifier_type = 'email' and responses.email_hash = addresses.identifier
),

final as (
    select
        answer_key,
        response_id,
        survey_id,
        question_id,
        measure,
        coalesce(language, 'unknown') as language,
        asked_touchpoint,
        deduplication,
        customer_key,
        coalesce(customer_key, {{ surrogate_key(["'respondent'", 'response_id']) }}) as person_key,
        customer_key is not null as is_linked,
        invited_at,
        answered_at,
        answered_on,
        score,
        answered_at is not null and score is not null as is_answered,
        score >= promoter_min as is_promoter,
        score <= detractor_max as is_detractor,
        score >= top_box_min as is_top_box,
        cast(
            100 * case when is_higher_better then scale_max - score else score - scale_min end
            / (scale_max - scale_min) as decimal(18, 4)
        ) as effort,
        cast(
            100 * case
                when score >= expected_score then (score - expected_score) / (scale_max - expected_score)
                else (score - expected_score) / (expected_score - scale_min)
            end as decimal(18, 4)
        ) as expectation_gap,
        case wave
            when 'week' then cast(date_trunc('week', answered_on) as date)
            when 'half_month'
                then
                    cast(date_trunc('month', answered_on) as date)
                    + case when day(answered_on) > 15 then 15 else 0 end
            when 'month' then cast(date_trunc('month', answered_on) as date)
            when 'quarter' then cast(date_trunc('quarter', answered_on) as date)
        end as wave_start,
        3 * case when is_higher_better then scale_max - score else score - scale_min end
        <= scale_max - scale_min as is_low_effort
    from linked
)

select * from final
