-- How long customers wait for a human, per touchpoint of support and segment: the median by the clock, in minutes, with
-- the interval of its order statistics. Who still waits, or was never answered, waits longer than anybody answered.
with contacts as (
    select
        *,
        'support_' || channel as touchpoint
    from {{ ref('int_contacts__timed') }}
),

stages as (
    select * from {{ ref('touchpoint_stages') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

opened as (
    select
        contacts.customer_key,
        contacts.person_key,
        stages.stage,
        contacts.touchpoint,
        run_parameters.as_of_date,
        case when not contacts.is_unanswered then contacts.clock_seconds end as waited_seconds
    from contacts
    inner join stages on contacts.touchpoint = stages.touchpoint
    cross join run_parameters
    where
        contacts.opened_on > run_parameters.as_of_date - {{ var('experience_window_days') }}
        and contacts.opened_on <= run_parameters.as_of_date
        and not contacts.is_abandoned
),

segmented as (
    {{ by_segment('opened', 'as_of_date') }}
    where list_contains({{ var('experience_segment_dimensions') }}, dimensions.segment_dimension)
),

listed as (
    select
        stage,
        touchpoint,
        segment_dimension,
        segment,
        count(distinct person_key) as customer_count,
        count(*) as n,
        list_sort(list(waited_seconds) filter (where waited_seconds is not null)) as waits
    from segmented
    group by all
),

final as (
    select
        'waiting_minutes' as measure,
        stage,
        touchpoint,
        segment_dimension,
        segment,
        customer_count,
        n,
        round(waits[cast(ceil(n / 2.0) as bigint)] / 60.0, 2) as value,
        round(case
            when floor(n / 2.0 - 0.98 * sqrt(n)) >= 1 then waits[cast(floor(n / 2.0 - 0.98 * sqrt(n)) as bigint)]
        end / 60.0, 2) as value_low,
        round(waits[cast(ceil(n / 2.0 + 1 + 0.98 * sqrt(n)) as bigint)] / 60.0, 2) as value_high
    from listed
)

select * from final
