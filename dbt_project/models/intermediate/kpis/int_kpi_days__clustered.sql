-- What every KPI counts per business day, profile of segments and device, persons being clusters. Observations are added
-- up per person first, by numbers, few and narrow: most of what a company observes goes through here. Who used several
-- devices in a day counts once per device in the dimension device, and once in all others. Of the answers of which only
-- the last counts, a person's last of the day. Rows are written day by day: summed up by segment, neighbours share groups.
with observations as not materialized (
    select
        *,
        {{ kpi_series('kpi_number', 'arm') }} as series_number,
        {{ number_of(['person_key']) }} as person_number,
        {{ number_of(['device']) }} as device_number
    from {{ ref('int_kpi_observations__judged') }}
    where interval_kind <> 'quantile'
),

dated as (
    select * from {{ ref('int_segment_profiles__dated') }}
),

usual_devices as (
    select * from {{ ref('int_segment_profiles__described') }}
    where segment_dimension = 'device'
),

counted as not materialized (
    select * from observations
    where last_answer_group is null
    union all
    select * from observations
    where last_answer_group is not null
    qualify row_number() over (
        partition by series_number, observed_on, person_number, last_answer_group
        order by observed_at desc, unit_key desc
    ) = 1
),

persons as (
    select
        series_number,
        observed_on,
        person_number,
        min(device_number) as device_number,
        min(device_number) <> max(device_number) as is_mixed,
        {{ kpi_unit_sums('counted') }}
    from counted
    group by series_number, observed_on, person_number
),

-- who used several devices is a row
cells as (
    select
        persons.series_number,
        persons.observed_on,
        coalesce(dated.profile, 0) as profile,
        case when not persons.is_mixed then persons.device_number end as device_number,
        case when persons.is_mixed then persons.person_number end as mixed_number,
        {{ kpi_day_sums() }}
    from persons
    left join dated
        on
            persons.person_number = dated.customer_number
            and persons.observed_on >= dated.valid_from
            and persons.observed_on < dated.valid_to
    group by all
),

devices as (
    select
        device_number,
        min(device) as device
    from observations
    group by device_number
),

parts as (
    select
        cells.series_number,
        cells.observed_on,
        cells.mixed_number,
        cells.profile,
        coalesce(counted.device, usual_devices.segment, 'unknown') as device,
        {{ kpi_unit_sums('counted') }}
    from counted
    inner join cells
        on
            counted.series_number = cells.series_number
            and counted.observed_on = cells.observed_on
            and counted.person_number = cells.mixed_number
    left join usual_devices on cells.profile = usual_devices.profile
    group by all
),

final as (
    select
        cells.* exclude (device_number, mixed_number),
        case
            when cells.mixed_number is null then coalesce(devices.device, usual_devices.segment, 'unknown')
        end as device,
        case when cells.mixed_number is null then 'all' else 'others' end as counts_in
    from cells
    left join devices on cells.device_number = devices.device_number
    left join usual_devices on cells.profile = usual_devices.profile
    union all by name
    select
        series_number,
        observed_on,
        profile,
        device,
        'device' as counts_in,
        {{ kpi_day_sums() }}
    from parts
    group by all
)

select * from final
order by series_number, observed_on
