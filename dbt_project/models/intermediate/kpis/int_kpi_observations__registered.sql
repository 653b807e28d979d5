-- Observations of new accounts among visitors who are not logged in, per browser and business day. A visitor who logs in
-- otherwise than by opening the account has one already.
with events as (
    select * from {{ ref('stg_web__events') }}
),

mappings as (
    select * from {{ ref('touchpoint_mappings') }}
    where source_table = 'web_events' and touchpoint = 'account_creation'
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
    where identifier_type = 'anonymous'
),

hourly as (
    select
        events.anonymous_id,
        date_trunc('hour', events.occurred_at) as hour_at,
        min(events.occurred_at) as first_at,
        arg_min(events.device, (events.occurred_at, events.event_key)) as device,
        min(events.occurred_at) filter (where mappings.source_value is not null) as signed_up_at,
        min(events.occurred_at) filter (where events.user_id is not null and mappings.source_value is null)
            as logged_in_at
    from events
    left join mappings on events.event_name = mappings.source_value
    group by all
),

daily as (
    select
        anonymous_id,
        {{ business_date('hour_at') }} as observed_on,
        min(first_at) as observed_at,
        arg_min(device, first_at) as device,
        min(signed_up_at) as signed_up_at,
        min(logged_in_at) as logged_in_at
    from hourly
    group by all
),

final as (
    select
        'sign_up_rate' as kpi_id,
        daily.anonymous_id || ' ' || daily.observed_on as unit_key,
        identifiers.customer_key,
        coalesce(identifiers.customer_key, {{ surrogate_key(["'anonymous'", 'daily.anonymous_id']) }}) as person_key,
        daily.observed_at,
        daily.observed_on,
        daily.device,
        cast(cast(daily.signed_up_at is not null as integer) as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator
    from daily
    left join identifiers on daily.anonymous_id = identifiers.identifier
    where coalesce(daily.logged_in_at >= daily.signed_up_at, daily.logged_in_at is null)
)

select * from final
