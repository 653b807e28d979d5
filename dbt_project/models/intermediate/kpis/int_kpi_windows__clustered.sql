-- What every KPI counts per window, profile of segments and device, persons being clusters. Most persons keep one profile
-- and one device throughout a window; who does not is a row, and has a number.
with observed as not materialized (
    select * from {{ ref('int_kpi_windows__observed') }}
),

windows as (
    select * from {{ ref('int_kpi_windows__dated') }}
),

{{ kpi_windowed('observed', 'windows') }},

persons as (
    select
        series_number,
        window_number,
        person_number,
        min(xor(profile, device_number)) as place,
        min(xor(profile, device_number)) <> max(xor(profile, device_number)) as is_divided,
        min(profile) as profile,
        {{ kpi_person_sums('cluster_x', 'cluster_n') }}
    from windowed
    group by series_number, window_number, person_number
),

final as (
    select
        series_number,
        window_number,
        case when is_divided then person_number end as person_number,
        case when not is_divided then profile end as profile,
        case when not is_divided then xor(place, profile) end as device_number,
        {{ kpi_cell_sums() }}
    from persons
    group by all
)

select * from final
