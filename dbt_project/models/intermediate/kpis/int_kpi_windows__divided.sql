-- What persons who are several rows of a KPI in a window add to each segment: once over all dimensions in which they keep
-- their segment, added up over those who keep the same; per segment in the others; per device.
with clusters as (
    select * from {{ ref('int_kpi_windows__clustered') }}
),

divided as (
    select * from {{ ref('int_kpi_clusters__divided') }}
),

compared as (
    select * from {{ ref('int_kpi_window_persons__compared') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

rows_of_divided as (
    select clusters.*
    from clusters
    semi join divided using (kpi_number, window_number, arm, person_number)
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

persons as (
    select
        rows_of_divided.kpi_number,
        rows_of_divided.window_number,
        rows_of_divided.arm,
        rows_of_divided.person_number,
        min(compared.steady_code) as steady_code,
        {{ kpi_person_sums('cluster_x', 'cluster_n', 'rows_of_divided') }}
    from rows_of_divided
    inner join compared using (window_number, person_number)
    where compared.segment_dimension = 'all'
    group by all
),

steady as (
    select
        kpi_number,
        window_number,
        arm,
        steady_code,
        {{ kpi_cell_sums() }}
    from persons
    group by all
),

moving as (
    select
        rows_of_divided.kpi_number,
        rows_of_divided.window_number,
        rows_of_divided.arm,
        rows_of_divided.person_number,
        profiles.segment_number,
        {{ kpi_person_sums('cluster_x', 'cluster_n', 'rows_of_divided') }}
    from rows_of_divided
    inner join compared using (window_number, person_number)
    inner join profiles
        on
            rows_of_divided.profile = profiles.profile
            and compared.segment_dimension = profiles.segment_dimension
    where compared.segment_number is null
    group by all
),

devices as (
    select
        kpi_number,
        window_number,
        arm,
        person_number,
        device,
        {{ kpi_person_sums('cluster_x', 'cluster_n') }}
    from rows_of_divided
    group by all
),

final as (
    select
        steady.* exclude (steady_code),
        codes.segment_number,
        null as device
    from steady
    inner join codes on steady.steady_code = codes.steady_code
    union all by name
    select
        kpi_number,
        window_number,
        arm,
        segment_number,
        {{ kpi_cell_sums() }}
    from moving
    group by all
    union all by name
    select
        kpi_number,
        window_number,
        arm,
        device,
        {{ kpi_cell_sums() }}
    from devices
    group by all
)

select * from final
