-- What every KPI counts per window and segment, with the sums of squares its interval needs. Most persons keep one
-- profile of segments and one device throughout a window and are added up per profile and device, of which there are
-- few; what the others add is worked out apart.
with clusters as (
    select * from {{ ref('int_kpi_windows__clustered') }}
),

divided_persons as (
    select * from {{ ref('int_kpi_clusters__divided') }}
),

divided as (
    select * from {{ ref('int_kpi_windows__divided') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

profiles_summed as (
    select
        clusters.kpi_number,
        clusters.window_number,
        clusters.arm,
        clusters.profile,
        clusters.device,
        {{ kpi_cell_sums() }}
    from clusters
    anti join divided_persons using (kpi_number, window_number, arm, person_number)
    group by all
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
        profiles_summed.* exclude (profile, device),
        profiles.segment_dimension,
        case
            when profiles.segment_dimension = 'device' then profiles_summed.device else profiles.segment
        end as segment
    from profiles_summed
    inner join profiles on profiles_summed.profile = profiles.profile
    union all by name
    select
        divided.* exclude (segment_number, device),
        coalesce(named.segment_dimension, 'device') as segment_dimension,
        coalesce(named.segment, divided.device) as segment
    from divided
    left join named on divided.segment_number = named.segment_number
),

final as (
    select
        kpi_number,
        window_number,
        arm,
        segment_dimension,
        segment,
        {{ kpi_sums_of_sums() }}
    from parts
    group by all
)

select * from final
