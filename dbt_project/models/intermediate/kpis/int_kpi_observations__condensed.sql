-- Observations added up per person and business day. Who used several devices in a day has a row for each, which counts in
-- the dimension device only, and one for all others.
with placed as (
    select * from {{ ref('int_kpi_observations__placed') }}
),

on_several_devices as (
    select
        kpi_number,
        observed_on,
        person_number,
        arm
    from placed
    where last_answer_group is null and duration is null
    group by all
    having count(*) > 1
),

mixed as (
    select placed.*
    from placed
    semi join on_several_devices using (person_number, observed_on, kpi_number, arm)
    where placed.last_answer_group is null and placed.duration is null
),

parts as (
    select
        kpi_number,
        observed_on,
        person_number,
        profile,
        device,
        arm,
        is_open,
        {{ kpi_observation_sums() }}
    from mixed
    group by all
),

wholes as (
    select
        kpi_number,
        observed_on,
        person_number,
        profile,
        arm,
        is_open,
        {{ kpi_observation_sums() }}
    from parts
    group by all
),

final as (
    select
        placed.*,
        'all' as counts_in
    from placed
    anti join on_several_devices using (person_number, observed_on, kpi_number, arm)
    union all by name
    select
        *,
        'device' as counts_in
    from parts
    union all by name
    select
        *,
        'others' as counts_in
    from wholes
)

select * from final
