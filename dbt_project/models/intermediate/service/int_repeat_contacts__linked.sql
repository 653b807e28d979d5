-- Closed cases with the contacts that took them up again: of the same case, or of the same person and topic, on any
-- channel, within the declared days of the first closing. Where no topic is told, any contact without one is the same.
with cases as (
    select * from {{ ref('int_cases__built') }}
    where first_closed_at is not null and is_traceable
),

contacts as (
    select * from {{ ref('int_contacts__identified') }}
    where is_inbound and not is_automatic
),

repeats as (
    select
        cases.case_key,
        cases.first_closed_channel,
        contacts.contact_key,
        contacts.channel
    from cases
    inner join contacts on cases.case_key = contacts.case_key
    where
        contacts.opened_at > cases.first_closed_at
        and contacts.opened_at <= cases.first_closed_at + interval '{{ var("repeat_contact_days") }} days'
    union
    select
        cases.case_key,
        cases.first_closed_channel,
        contacts.contact_key,
        contacts.channel
    from cases
    inner join contacts
        on
            cases.person_key = contacts.person_key
            and coalesce(cases.topic, '') = coalesce(contacts.topic, '')
    where
        contacts.opened_at > cases.first_closed_at
        and contacts.opened_at <= cases.first_closed_at + interval '{{ var("repeat_contact_days") }} days'
),

counted as (
    select
        case_key,
        count(*) as repeat_count,
        count(*) filter (where channel <> first_closed_channel) as other_channel_count
    from repeats
    group by case_key
),

final as (
    select
        cases.case_key,
        cases.customer_key,
        cases.person_key,
        cases.first_closed_at,
        cases.first_closed_on,
        coalesce(counted.repeat_count, 0) > 0 as is_repeated,
        coalesce(counted.other_channel_count, 0) > 0 as is_repeated_elsewhere
    from cases
    left join counted on cases.case_key = counted.case_key
)

select * from final
