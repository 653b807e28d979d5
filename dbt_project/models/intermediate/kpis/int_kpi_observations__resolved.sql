-- Observations of the KPIs of support cases: how long they stay open, whether they come back, go up a tier, pile up.
with cases as (
    select * from {{ ref('int_cases__built') }}
    where is_handled
),

closings as (
    select * from {{ ref('int_repeat_contacts__linked') }}
),

contacts as (
    select * from {{ ref('int_contacts__identified') }}
    where is_inbound and not is_automatic and not is_abandoned
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

durations as (
    select
        cases.*,
        cast({{ seconds_between(
            'cases.opened_at', 'coalesce(cases.closed_at, run_parameters.as_of_at)'
        ) }} / 3600.0 as decimal(18, 4)) as open_hours
    from cases
    cross join run_parameters
),

open_days as (
    select distinct
        contacts.case_key,
        cast(days.open_at as date) as open_on
    from contacts
    cross join run_parameters
    cross join unnest(generate_series(
        cast(contacts.opened_on as timestamp),
        cast(coalesce(contacts.closed_on - 1, run_parameters.as_of_date) as timestamp),
        interval 1 day
    )) as days (open_at)
),

unioned as (
    select
        kpis.kpi_id,
        durations.case_key as unit_key,
        durations.customer_key,
        durations.person_key,
        durations.opened_at as observed_at,
        durations.opened_on as observed_on,
        durations.open_hours as numerator,
        durations.closed_at is null as is_open
    from durations
    cross join (select unnest(['resolution_time', 'resolution_time_p90']) as kpi_id) as kpis
    union all by name
    select
        'escalation_rate' as kpi_id,
        case_key as unit_key,
        customer_key,
        person_key,
        closed_at as observed_at,
        closed_on as observed_on,
        cast(highest_tier > 1 as integer) as numerator,
        false as is_open
    from cases
    where highest_tier is not null and closed_at is not null
    union all by name
    select
        kpis.kpi_id,
        closings.case_key as unit_key,
        closings.customer_key,
        closings.person_key,
        closings.first_closed_at as observed_at,
        closings.first_closed_on as observed_on,
        cast(case kpis.kpi_id
            when 'first_contact_resolution' then not closings.is_repeated
            when 'repeat_contact' then closings.is_repeated
            else closings.is_repeated_elsewhere
        end as integer) as numerator,
        false as is_open
    from closings
    cross join (
        select unnest(['first_contact_resolution', 'repeat_contact', 'cross_channel_repeat']) as kpi_id
    ) as kpis
    union all by name
    select
        'case_backlog' as kpi_id,
        {{ surrogate_key(['cases.case_key', 'open_days.open_on']) }} as unit_key,
        cases.customer_key,
        cases.person_key,
        cases.opened_at as observed_at,
        open_days.open_on as observed_on,
        1 as numerator,
        false as is_open
    from open_days
    inner join cases on open_days.case_key = cases.case_key
),

final as (
    select
        * replace (cast(numerator as decimal(18, 4)) as numerator),
        cast(1 as decimal(18, 4)) as denominator
    from unioned
)

select * from final
