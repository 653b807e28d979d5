-- How long each contact a human is asked for waited for a human, by the clock and in opening hours; who left the queue
-- waits for nobody any more. A contact closed without an answer waited until then, one without either still waits.
with contacts as (
    select * from {{ ref('int_contacts__identified') }}
    where is_inbound and not is_automatic
),

opening_hours as (
    select * from {{ ref('int_opening_hours__dated') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

waits as (
    select
        contacts.*,
        contacts.first_response_at is null as is_unanswered,
        coalesce(contacts.first_response_at, contacts.closed_at, run_parameters.as_of_at) as waited_until
    from contacts
    cross join run_parameters
),

clocked as (
    select
        waits.*,
        opened.open_on is not null and waits.opened_at < opened.open_until as is_in_opening_hours,
        opened.open_until as opening_until,
        coalesce(opened.seconds_before + {{ seconds_between(
            'opened.open_from', 'least(waits.opened_at, opened.open_until)'
        ) }}, 0) as open_seconds_at_opening,
        coalesce(answered.seconds_before + {{ seconds_between(
            'answered.open_from', 'least(waits.waited_until, answered.open_until)'
        ) }}, 0) as open_seconds_at_answer
    from waits
    left join opening_hours as opened
        on waits.opened_at >= opened.open_from and waits.opened_at < opened.next_open_from
    left join opening_hours as answered
        on waits.waited_until >= answered.open_from and waits.waited_until < answered.next_open_from
),

final as (
    select
        * exclude (opening_until, open_seconds_at_opening, open_seconds_at_answer),
        greatest({{ seconds_between('opened_at', 'waited_until') }}, 0) as clock_seconds,
        greatest(open_seconds_at_answer - open_seconds_at_opening, 0) as business_seconds,
        is_in_opening_hours
        and not is_abandoned
        and not is_unanswered
        and waited_until <= opening_until as is_served_in_opening_hours
    from clocked
)

select * from final
