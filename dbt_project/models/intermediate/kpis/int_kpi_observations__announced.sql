-- Observations of news told before it was asked for: delays of parcels, and ends of contracts. The customer asked who
-- made contact about that order, or, before the contract ended, about no order at all.
with parcels as (
    select * from {{ ref('int_parcels__attributed') }}
),

contracts as (
    select * from {{ ref('stg_crm__contracts') }}
),

contacts as (
    select * from {{ ref('int_contacts__identified') }}
    where is_inbound
),

messages as (
    select * from {{ ref('int_messages__identified') }}
    where purpose = 'service'
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
    where identifier_type = 'crm'
),

-- ends are judged where messages were delivered for all of the days before them
observed_contracts as (
    select
        observed.last_day,
        (select min(sent_on) from messages) + {{ var('notice_window_days') }} as first_day
    from ({{ observed_until('contracts') }}) as observed
),

delays as (
    select
        parcels.*,
        min(contacts.opened_at) as asked_at
    from parcels
    left join contacts on parcels.order_id = contacts.order_id and contacts.opened_at >= parcels.shipped_at
    where parcels.is_late
    group by all
),

ends as (
    select
        contracts.contract_id,
        identifiers.customer_key,
        contracts.ends_on,
        {{ instant_of_day('contracts.ends_on', "'00:00'") }} as ends_at,
        {{ instant_of_day("contracts.ends_on - " ~ var('notice_window_days'), "'00:00'") }} as window_from
    from contracts
    inner join identifiers on contracts.customer_id = identifiers.identifier
    cross join observed_contracts
    where
        contracts.ends_on between observed_contracts.first_day and observed_contracts.last_day
        and (contracts.cancelled_on is null or contracts.cancelled_on >= contracts.ends_on)
),

-- a message that follows a parcel is about the parcel
notices as (
    select
        ends.contract_id,
        min(messages.sent_at) as sent_at
    from ends
    inner join messages on ends.customer_key = messages.customer_key
    left join parcels
        on
            messages.customer_key = parcels.customer_key
            and (
                messages.sent_at between parcels.delivered_at
                and parcels.delivered_at + interval '{{ var("follow_up_hours") }} hours'
                or messages.sent_on = cast(parcels.delay_announced_at as date)
            )
    where messages.sent_at >= ends.window_from and messages.sent_at < ends.ends_at and parcels.parcel_key is null
    group by ends.contract_id
),

questions as (
    select
        ends.contract_id,
        min(contacts.opened_at) as asked_at
    from ends
    inner join contacts on ends.customer_key = contacts.customer_key
    where contacts.opened_at >= ends.window_from and contacts.opened_at < ends.ends_at and contacts.order_id is null
    group by ends.contract_id
),

unioned as (
    select
        'proactive_notice' as kpi_id,
        parcel_key as unit_key,
        customer_key,
        person_key,
        {{ instant_of_day('promised_on', "'12:00'") }} as observed_at,
        cast(coalesce(
            delay_announced_at < coalesce(asked_at, delivered_at, timestamp '9999-12-31 00:00:00'), false
        ) as integer) as numerator,
        1 as denominator
    from delays
    union all by name
    select
        'proactive_notice' as kpi_id,
        {{ surrogate_key(["'contract'", 'ends.contract_id']) }} as unit_key,
        ends.customer_key,
        ends.customer_key as person_key,
        {{ instant_of_day('ends.ends_on', "'12:00'") }} as observed_at,
        cast(coalesce(
            notices.sent_at < coalesce(questions.asked_at, timestamp '9999-12-31 00:00:00'), false
        ) as integer) as numerator,
        1 as denominator
    from ends
    left join notices on ends.contract_id = notices.contract_id
    left join questions on ends.contract_id = questions.contract_id
),

{{ observed('unioned') }}

select * from final
