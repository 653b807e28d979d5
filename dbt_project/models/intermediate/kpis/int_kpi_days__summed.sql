-- What every KPI counts per business day and segment, with the sums of squares its interval needs. Of the answers of
-- which only the last counts, a person's last of the day. Persons are added up per profile of segments and device first,
-- of which there are few.
with observations as not materialized (
    select * from {{ ref('int_kpi_observations__condensed') }}
    where duration is null
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

last_answers as (
    select *
    from observations
    where last_answer_group is not null
    qualify row_number() over (
        partition by kpi_number, observed_on, person_number, last_answer_group order by observed_at desc, unit_key desc
    ) = 1
),

persons as (
    select
        kpi_number,
        observed_on,
        arm,
        profile,
        device,
        counts_in,
        person_number,
        {{ kpi_person_sums() }}
    from last_answers
    group by all
    union all by name
    select
        * exclude (last_answer_group, unit_key, observed_at, duration, is_open, numerator, denominator),
        numerator as cluster_x,
        denominator as cluster_n
    from observations
    where last_answer_group is null
),

-- by numbers, few and narrow
profiles_summed as (
    select
        {{ kpi_series('kpi_number', 'arm') }} as series_number,
        observed_on,
        profile,
        {{ number_of(['device', 'counts_in']) }} as device_number,
        {{ kpi_cell_sums() }}
    from persons
    group by series_number, observed_on, profile, device_number
),

devices as (
    select
        {{ number_of(['device', 'counts_in']) }} as device_number,
        min(device) as device,
        min(counts_in) as counts_in
    from observations
    group by device_number
),

segments_summed as (
    select
        profiles_summed.series_number,
        profiles_summed.observed_on,
        profiles.segment_number,
        {{ kpi_sums_of_sums() }}
    from profiles_summed
    inner join devices on profiles_summed.device_number = devices.device_number
    inner join profiles on profiles_summed.profile = profiles.profile
    where profiles.segment_dimension <> 'device' and devices.counts_in <> 'device'
    group by profiles_summed.series_number, profiles_summed.observed_on, profiles.segment_number
),

devices_summed as (
    select
        profiles_summed.series_number,
        profiles_summed.observed_on,
        'device' as segment_dimension,
        devices.device as segment,
        {{ kpi_sums_of_sums() }}
    from profiles_summed
    inner join devices on profiles_summed.device_number = devices.device_number
    where devices.counts_in <> 'others'
    group by all
),

named as (
    select
        segment_number,
        min(segment_dimension) as segment_dimension,
        min(segment) as segment
    from profiles
    group by segment_number
),

unioned as (
    select
        segments_summed.* exclude (segment_number),
        named.segment_dimension,
        named.segment
    from segments_summed
    inner join named on segments_summed.segment_number = named.segment_number
    union all by name
    select * from devices_summed
),

final as (
    select
        * exclude (series_number),
        {{ kpi_of_series('series_number') }} as kpi_number,
        {{ arm_of_series('series_number') }} as arm
    from unioned
)

select * from final
