-- Every KPI per window and segment: each single day, and the windows that end at the as-of date and just before them.
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

final as (
    select
        * replace (cast(window_days as integer) as window_days, cast(customer_count as bigint) as customer_count)
    from kpi_values
)

select * from final
