{{ config(materialized='view') }}
-- Value and interval of every KPI that is a sum, per window and segment: each single day, the windows that end at the
-- as-of date, those just before and those of a year ago.
with days as (
    select * from {{ ref('int_kpi_days__summed') }}
),

windows_summed as (
    select * from {{ ref('int_kpi_windows__summed') }}
),

windows as (
    select * from {{ ref('int_kpi_windows__dated') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

summed as (
    select
        days.* exclude (observed_on),
        1 as window_days,
        days.observed_on as window_end
    from days
    union all by name
    select
        windows_summed.* exclude (window_number),
        windows.window_days,
        windows.window_end
    from windows_summed
    inner join windows on windows_summed.window_number = windows.window_number
),

cells as (
    select
        summed.*,
        {{ kpi_spread() }} as spread
    from summed
    inner join kpis on summed.kpi_number = kpis.kpi_number
),

measured as (
    select
        cells.kpi_number,
        cells.window_days,
        cells.window_end,
        cells.segment_dimension,
        cells.segment,
        cells.arm,
        -- Who is hidden among few is who counts; a cell in which nothing counts yet shows nobody.
        case when cells.mature_person_count > 0 then cells.mature_person_count else cells.person_count end
            as customer_count,
        cells.sum_x,
        cells.sum_n,
        cells.unit_count,
        cells.immature_count,
        {{ kpi_value() }} as value,
        case when cells.unit_count > 0 then {{ kpi_bound(-1) }} end as value_low,
        case when cells.unit_count > 0 then {{ kpi_bound(1) }} end as value_high
    from cells
    inner join kpis on cells.kpi_number = kpis.kpi_number
),

{{ kpi_arms_compared('measured') }},

final as (
    select
        * replace (
            round(value, 6) as value,
            round(value_low, 6) as value_low,
            round(value_high, 6) as value_high
        )
    from compared
)

select * from final
