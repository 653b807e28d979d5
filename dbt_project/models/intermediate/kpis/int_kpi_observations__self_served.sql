-- Observations of visits to the help pages by known customers, against the contacts with a human that follow.
with contacts as (
    select * from {{ ref('int_contacts__timed') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where touchpoint = 'help_page' and session_key is not null
),

help_visits as (
    select
        session_key,
        min(customer_key) filter (where is_known) as customer_key,
        min(occurred_at) as helped_at,
        arg_min(device, (occurred_at, touchpoint_key)) as device
    from touchpoints
    group by session_key
    having bool_or(is_known)
),

failed_visits as (
    select distinct help_visits.session_key
    from help_visits
    inner join contacts on help_visits.customer_key = contacts.customer_key
    where
        contacts.opened_at >= help_visits.helped_at
        and contacts.opened_at <= help_visits.helped_at + interval '{{ var("human_contact_hours") }} hours'
),

final as (
    select
        'self_service_success' as kpi_id,
        help_visits.session_key as unit_key,
        help_visits.customer_key,
        help_visits.customer_key as person_key,
        help_visits.helped_at as observed_at,
        {{ business_date('help_visits.helped_at') }} as observed_on,
        help_visits.device,
        cast(cast(failed_visits.session_key is null as integer) as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator
    from help_visits
    left join failed_visits on help_visits.session_key = failed_visits.session_key
)

select * from final
