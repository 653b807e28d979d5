-- Persons who are several rows of a KPI in a window, because a segment or the device changed.
with clusters as (
    select * from {{ ref('int_kpi_windows__clustered') }}
),

final as (
    select
        kpi_number,
        window_number,
        arm,
        person_number
    from clusters
    group by kpi_number, window_number, arm, person_number
    having count(*) > 1
)

select * from final
