-- What every KPI counts per window and segment, with the sums of squares its interval needs. Most persons keep one
-- profile of segments and one device throughout a window and are added up per profile and device, of which there are
-- few; those who change are added up per segment they were in.
with clusters as (
    select * from {{ ref('int_kpi_windows__clustered') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

changing as (
    select
        kpi_number,
        window_number,
        arm,
        person_number
    from clusters
    group by all
    having count(*) > 1
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
    anti join changing
        on
            clusters.person_number = changing.person_number
            and clusters.window_number = changing.window_number
            and clusters.kpi_number = changing.kpi_number
            and clusters.arm = changing.arm
    group by all
),

changed as (
    select
        clusters.kpi_number,
        clusters.window_number,
        clusters.arm,
        profiles.segment_dimension,
        case when profiles.segment_dimension = 'device' then clusters.device else profiles.segment end as segment,
        clusters.person_number,
        {{ kpi_person_sums('cluster_x', 'cluster_n', 'clusters') }}
    from clusters
    semi join changing
        on
            clusters.person_number = changing.person_number
            and clusters.window_number = changing.window_number
            and clusters.kpi_number = changing.kpi_number
            and clusters.arm = changing.arm
    inner join profiles on clusters.profile = profiles.profile
    group by all
),

parts as (
    select
        kpi_number,
        window_number,
        arm,
        segment_dimension,
        segment,
        {{ kpi_cell_sums() }}
    from changed
    group by all
    union all by name
    select
        profiles_summed.* exclude (profile, device),
        profiles.segment_dimension,
        case
            when profiles.segment_dimension = 'device' then profiles_summed.device else profiles.segment
        end as segment
    from profiles_summed
    inner join profiles on profiles_summed.profile = profiles.profile
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
