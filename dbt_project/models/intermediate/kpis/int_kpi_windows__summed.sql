-- What every KPI counts per window and segment, with the sums of squares its interval needs. Most persons keep one
-- profile of segments and one device throughout a window and are added up per profile and device, of which there are
-- few; what the others add is worked out apart.
with cells as (
    select * from {{ ref('int_kpi_windows__clustered') }}
    where person_number is null
),

divided as (
    select * from {{ ref('int_kpi_windows__divided') }}
),

profiles as not materialized (
    select * from {{ ref('int_segment_profiles__described') }}
),

known_devices as (
    select device from {{ ref('int_kpi_observations__judged') }}
    union all
    select segment as device from profiles
    where segment_dimension = 'device'
),

devices as (
    select distinct
        coalesce(device, 'unknown') as device,
        {{ number_of(["coalesce(device, 'unknown')"]) }} as device_number
    from known_devices
),

named as (
    select
        segment_number,
        min(segment_dimension) as segment_dimension,
        min(segment) as segment
    from profiles
    where segment_dimension <> 'device'
    group by segment_number
),

parts as (
    select
        cells.* exclude (person_number, profile, device_number),
        profiles.segment_dimension,
        case when profiles.segment_dimension = 'device' then devices.device else profiles.segment end as segment
    from cells
    inner join profiles on cells.profile = profiles.profile
    left join devices on cells.device_number = devices.device_number
    union all by name
    select
        divided.* exclude (segment_number, device_number),
        coalesce(named.segment_dimension, 'device') as segment_dimension,
        coalesce(named.segment, devices.device) as segment
    from divided
    left join named on divided.segment_number = named.segment_number
    left join devices on divided.device_number = devices.device_number
),

summed as (
    select
        series_number,
        window_number,
        segment_dimension,
        segment,
        {{ kpi_sums_of_sums() }}
    from parts
    group by all
),

final as (
    select
        * exclude (series_number),
        {{ kpi_of_series('series_number') }} as kpi_number,
        {{ arm_of_series('series_number') }} as arm
    from summed
)

select * from final
