-- What persons who change a segment or the device in a window add to each segment: once over all dimensions in which they
-- keep their segment, added up over those who keep the same; per segment in the others; per device.
with clusters as (
    select * from {{ ref('int_kpi_windows__clustered') }}
    where person_number is not null
),

divided as not materialized (
    select * from {{ ref('int_kpi_clusters__divided') }}
),

compared as not materialized (
    select * from {{ ref('int_kpi_window_persons__compared') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

codes as (
    select
        steady_code,
        segment_dimension,
        min(segment_number) as segment_number
    from compared
    where segment_number is not null
    group by steady_code, segment_dimension
),

steady as (
    select
        clusters.series_number,
        clusters.window_number,
        compared.steady_code,
        {{ kpi_sums_of_sums(relation='clusters') }}
    from clusters
    inner join compared using (window_number, person_number)
    where compared.segment_dimension = 'all'
    group by all
),

moving as (
    select
        divided.series_number,
        divided.window_number,
        divided.person_number,
        profiles.segment_number,
        {{ kpi_person_sums('cluster_x', 'cluster_n', 'divided') }}
    from divided
    inner join compared using (window_number, person_number)
    inner join profiles
        on
            divided.profile = profiles.profile
            and compared.segment_dimension = profiles.segment_dimension
    where compared.segment_number is null
    group by all
),

devices as (
    select
        series_number,
        window_number,
        person_number,
        device_number,
        {{ kpi_person_sums('cluster_x', 'cluster_n') }}
    from divided
    group by all
),

final as (
    select
        steady.series_number,
        steady.window_number,
        codes.segment_number,
        null as device_number,
        {{ kpi_sums_of_sums(relation='steady') }}
    from steady
    inner join codes on steady.steady_code = codes.steady_code
    group by all
    union all by name
    select
        series_number,
        window_number,
        segment_number,
        {{ kpi_cell_sums() }}
    from moving
    group by all
    union all by name
    select
        series_number,
        window_number,
        device_number,
        {{ kpi_cell_sums() }}
    from devices
    group by all
)

select * from final
