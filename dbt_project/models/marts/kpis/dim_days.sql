-- Every business day from the first observation to the as-of date: the time spine of the semantic layer.
with run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

windows as (
    select * from {{ ref('fct_kpi_windows') }}
),

bounds as (
    select
        min(run_parameters.as_of_date) as last_day,
        least(min(windows.window_end), min(run_parameters.as_of_date)) as first_day
    from run_parameters
    left join windows on windows.window_days = 1
),

final as (
    select cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as business_day
    from bounds
)

select * from final
