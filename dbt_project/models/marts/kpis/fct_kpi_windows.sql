-- Every KPI per window and segment: each single day, and the windows that end at the as-of date and just before them.
-- A window is complete when its table was delivered for all of its days.
with observations as (
    select * from {{ ref('int_kpi_observations__condensed') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

long_windows as (
    select
        lengths.window_days,
        cast(run_parameters.as_of_date - lengths.window_days * offsets.step as date) as window_end
    from (select unnest({{ var('kpi_windows_days') }}) as window_days) as lengths
    cross join (select unnest([0, 1]) as step) as offsets
    cross join run_parameters
),

windowed as (
    select
        observations.*,
        1 as window_days,
        observations.observed_on as window_end
    from observations
    union all
    select
        observations.*,
        long_windows.window_days,
        long_windows.window_end
    from observations
    inner join long_windows
        on
            observations.observed_on <= long_windows.window_end
            and observations.observed_on > long_windows.window_end - long_windows.window_days
),

segmented as (
    {{ by_segment('windowed', 'observed_on', device='device') }}
),

{{ kpi_values('segmented') }},

catalogue as (
    select * from {{ ref('kpi_catalogue') }}
),

availability as (
    select * from {{ source('landing', 'table_availability') }}
),

known_days as (
    select
        catalogue.required_table,
        min(observations.observed_on) as first_day,
        min(least(run_parameters.as_of_date, availability.last_extract_date)) as last_day
    from observations
    inner join catalogue on observations.kpi_id = catalogue.kpi_id
    cross join run_parameters
    left join availability on catalogue.required_table = availability.table_name
    group by catalogue.required_table
),

final as (
    select
        kpi_values.* exclude (is_mature, is_small_n)
        replace (
            cast(kpi_values.window_days as integer) as window_days,
            cast(kpi_values.customer_count as bigint) as customer_count
        ),
        kpi_values.is_mature and kpi_values.window_end <= known_days.last_day as is_mature,
        kpi_values.is_small_n,
        kpi_values.window_end - kpi_values.window_days + 1 >= known_days.first_day
        and kpi_values.window_end <= known_days.last_day as is_complete
    from kpi_values
    inner join catalogue on kpi_values.kpi_id = catalogue.kpi_id
    inner join known_days on catalogue.required_table = known_days.required_table
)

select * from final
