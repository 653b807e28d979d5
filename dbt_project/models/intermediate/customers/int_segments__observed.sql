-- Segments that follow from what a customer did or said, as known at a month start: new or returning, loyalty tier, NPS
-- class. From when each holds.
with days as (
    select * from {{ ref('int_purchase_days__lasting') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

loyalty_events as (
    select * from {{ ref('stg_crm__loyalty_events') }}
),

answers as (
    select * from {{ ref('int_survey_answers__linked') }}
),

moves as (
    select
        customer_key,
        counts_from as valid_from,
        1 as change
    from days
    union all
    select
        customer_key,
        counts_until as valid_from,
        -1 as change
    from days
    where counts_until < date '9999-12-31'
),

-- returning from the month start at which two purchase days are known
day_counts as (
    select
        customer_key,
        valid_from,
        sum(sum(change)) over (partition by customer_key order by valid_from) as day_count
    from moves
    group by customer_key, valid_from
),

tiers as (
    select
        coalesce(crm_ids.customer_key, cards.customer_key) as customer_key,
        {{ next_month('loyalty_events.occurred_on') }} as valid_from,
        {{ segment_name('loyalty_events.tier') }} as segment,
        loyalty_events.occurred_at,
        loyalty_events.loyalty_event_id
    from loyalty_events
    left join identifiers as crm_ids
        on crm_ids.identifier_type = 'crm' and loyalty_events.customer_id = crm_ids.identifier
    left join identifiers as cards
        on cards.identifier_type = 'loyalty' and loyalty_events.loyalty_id = cards.identifier
),

last_tiers as (
    select *
    from tiers
    where segment is not null and customer_key is not null
    qualify row_number() over (
        partition by customer_key, valid_from order by occurred_at desc, loyalty_event_id desc
    ) = 1
),

classes as (
    select
        customer_key,
        {{ next_month(business_date('answered_at')) }} as valid_from,
        case when is_promoter then 'promoter' when is_detractor then 'detractor' else 'passive' end as segment
    from answers
    where measure = 'nps' and is_answered and customer_key is not null
    qualify row_number() over (
        partition by customer_key, {{ next_month(business_date('answered_at')) }}
        order by answered_at desc, answer_key desc
    ) = 1
),

final as (
    select
        customer_key,
        'new_returning' as segment_dimension,
        case when day_count >= 2 then 'returning' else 'new' end as segment,
        valid_from
    from day_counts
    union all
    select
        customer_key,
        'loyalty_tier' as segment_dimension,
        segment,
        valid_from
    from last_tiers
    union all
    select
        customer_key,
        'nps_class' as segment_dimension,
        segment,
        valid_from
    from classes
)

select * from final
