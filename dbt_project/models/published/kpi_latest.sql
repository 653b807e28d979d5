-- Every KPI of the catalogue over the windows that end at the as-of date, beside the window before; a KPI that cannot
-- be had says why.
with windows as (
    select * from {{ ref('fct_kpi_windows') }}
    where window_days > 1
),

catalogue as (
    select * from {{ ref('kpi_catalogue') }}
),

availability as (
    select * from {{ source('landing', 'table_availability') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

lengths as (
    select unnest({{ var('kpi_windows_days') }}) as window_days
),

{{ suppress(
    'windows',
    cell=['kpi_id', 'window_days', 'window_end'],
    measures=['numerator', 'denominator', 'n', 'value', 'value_low', 'value_high', 'is_mature', 'is_small_n']
) }},

cells as (
    select
        catalogue.kpi_id,
        lengths.window_days,
        'all' as segment_dimension,
        'all' as segment
    from catalogue
    cross join lengths
    union
    select
        windows.kpi_id,
        windows.window_days,
        windows.segment_dimension,
        windows.segment
    from windows
    cross join run_parameters
    where windows.window_end = run_parameters.as_of_date
),

final as (
    select
        cells.kpi_id,
        catalogue.kpi_group,
        catalogue.label_en,
        catalogue.label_fr,
        catalogue.unit,
        catalogue.direction,
        cells.segment_dimension,
        cells.segment,
        cast(cells.window_days as integer) as window_days,
        run_parameters.as_of_date as window_end,
        latest.numerator,
        latest.denominator,
        latest.n,
        latest.value,
        latest.value_low,
        latest.value_high,
        case when not coalesce(latest.is_suppressed, false) then previous.value end as previous_value,
        case when not coalesce(latest.is_suppressed, false) then previous.value_low end as previous_value_low,
        case when not coalesce(latest.is_suppressed, false) then previous.value_high end as previous_value_high,
        case when not coalesce(latest.is_suppressed, false) then previous.n end as previous_n,
        latest.is_mature,
        latest.is_small_n,
        latest.value is not null or coalesce(latest.is_suppressed, false) as is_available,
        case
            when latest.value is not null or coalesce(latest.is_suppressed, false) then null
            when not coalesce(availability.is_available, false)
                then 'no accepted extract of ' || catalogue.required_table
            when latest.kpi_id is not null
                then 'nothing in this window is mature yet: it takes ' || catalogue.maturity_days || ' days'
            else 'no observation in this window'
        end as unavailable_reason,
        coalesce(latest.is_suppressed, false) as is_suppressed
    from cells
    inner join catalogue on cells.kpi_id = catalogue.kpi_id
    cross join run_parameters
    left join availability on catalogue.required_table = availability.table_name
    left join suppressed as latest
        on
            cells.kpi_id = latest.kpi_id
            and cells.window_days = latest.window_days
            and cells.segment_dimension = latest.segment_dimension
            and cells.segment = latest.segment
            and run_parameters.as_of_date = latest.window_end
    left join suppressed as previous
        on
            cells.kpi_id = previous.kpi_id
            and cells.window_days = previous.window_days
            and cells.segment_dimension = previous.segment_dimension
            and cells.segment = previous.segment
            and run_parameters.as_of_date - cells.window_days = previous.window_end
            and previous.is_complete
)

select * from final
