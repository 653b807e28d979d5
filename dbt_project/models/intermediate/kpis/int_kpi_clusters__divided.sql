-- Persons who change a segment or the device in a window: what a KPI counts of them in each profile and on each device.
with observed as not materialized (
    select * from {{ ref('int_kpi_windows__observed') }}
),

windows as (
    select * from {{ ref('int_kpi_windows__dated') }}
),

divided as (
    select
        series_number,
        window_number,
        person_number
    from {{ ref('int_kpi_windows__clustered') }}
    where person_number is not null
),

{{ kpi_windowed('observed', 'windows') }},

final as (
    select
        windowed.series_number,
        windowed.window_number,
        windowed.person_number,
        windowed.profile,
        windowed.device_number,
        {{ kpi_person_sums('cluster_x', 'cluster_n') }}
    from windowed
    inner join divided using (series_number, window_number, person_number)
    group by all
)

select * from final
