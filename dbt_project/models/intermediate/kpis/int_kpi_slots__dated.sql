-- The windows in which the release shows every KPI, each with the end of the window before and of that a year ago: those
-- that end at the as-of date; for KPIs of whole periods the last period that has a value. Effort answers in them that
-- satisfaction contradicts have a first day.
with windows as (
    select * from {{ ref('fct_kpi_windows') }}
),

catalogue as (
    select * from {{ ref('kpi_catalogue') }}
),

efforts as (
    select * from {{ ref('int_survey_efforts__judged') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

last_periods as (
    select
        windows.kpi_id,
        arg_max(windows.window_days, windows.window_end) as window_days,
        max(windows.window_end) as window_end
    from windows
    inner join catalogue on windows.kpi_id = catalogue.kpi_id
    where catalogue.aggregation = 'period' and windows.value is not null
    group by windows.kpi_id
),

slots as (
    select
        catalogue.kpi_id,
        lengths.window_days,
        run_parameters.as_of_date as window_end,
        cast(run_parameters.as_of_date - lengths.window_days as date) as previous_end,
        cast(run_parameters.as_of_date - greatest(364, lengths.window_days) as date) as year_before_end
    from catalogue
    cross join (select unnest({{ var('kpi_windows_days') }}) as window_days) as lengths
    cross join run_parameters
    where catalogue.aggregation <> 'period'
    union all
    select
        catalogue.kpi_id,
        coalesce(last_periods.window_days, 28) as window_days,
        coalesce(last_periods.window_end, run_parameters.as_of_date) as window_end,
        cast(last_periods.window_end - last_periods.window_days as date) as previous_end,
        cast(last_periods.window_end + interval 1 day - interval 1 year - interval 1 day as date) as year_before_end
    from catalogue
    cross join run_parameters
    left join last_periods on catalogue.kpi_id = last_periods.kpi_id
    where catalogue.aggregation = 'period'
),

final as (
    select
        slots.kpi_id,
        slots.window_days,
        slots.window_end,
        slots.previous_end,
        slots.year_before_end,
        min(efforts.answered_on) as contradicted_from
    from slots
    left join efforts
        on
            slots.kpi_id in ('effort_score', 'low_effort_share')
            and efforts.polarity = 'contradicted'
            and efforts.answered_on <= slots.window_end
            and efforts.answered_on > slots.window_end - slots.window_days
    group by all
)

select * from final
