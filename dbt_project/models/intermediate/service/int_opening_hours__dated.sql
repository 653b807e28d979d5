-- Stretches in which the service is open, as instants, with the seconds open before each since the first. The clock of
-- the day decides: a day of 23 or 25 hours is open as long as its clock says.
with hours as (
    select * from {{ ref('opening_hours') }}
),

closed_days as (
    select * from {{ ref('closed_days') }}
),

contacts as (
    select * from {{ ref('int_contacts__identified') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

days as (
    select cast(unnest(generate_series(
        cast((select min(opened_on) from contacts) as timestamp),
        cast((select as_of_date from run_parameters) as timestamp),
        interval 1 day
    )) as date) as open_on
),

stretches as (
    select
        days.open_on,
        {{ instant_of_day('days.open_on', 'hours.opens_at') }} as open_from,
        {{ instant_of_day('days.open_on', 'hours.closes_at') }} as open_until
    from days
    inner join hours on isodow(days.open_on) = hours.weekday
    left join closed_days on days.open_on = closed_days.closed_on
    where closed_days.closed_on is null
),

final as (
    select
        open_on,
        open_from,
        open_until,
        coalesce(lead(open_from) over (order by open_from), timestamp '9999-12-31 00:00:00') as next_open_from,
        cast(
            coalesce(
                sum({{ seconds_between("open_from", "open_until") }})
                    over (order by open_from rows between unbounded preceding and 1 preceding), 0
            ) as bigint
        ) as seconds_before
    from stretches
)

select * from final
