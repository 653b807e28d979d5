-- The windows that end at the as-of date, those just before them, and those of a year ago: 52 weeks earlier, so that
-- weekdays match, or as long as the window.
with run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

lengths as (
    select unnest({{ var('kpi_windows_days') }}) as window_days
),

ends as (
    select
        window_days,
        unnest(list_distinct([0, window_days, greatest(364, window_days)])) as days_before
    from lengths
),

final as (
    select
        cast(row_number() over (order by ends.window_days, ends.days_before) as smallint) as window_number,
        cast(ends.window_days as integer) as window_days,
        cast(run_parameters.as_of_date - ends.days_before as date) as window_end
    from ends
    cross join run_parameters
)

select * from final
