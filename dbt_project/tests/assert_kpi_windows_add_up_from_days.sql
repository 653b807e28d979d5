-- Harm prevented: a month on the page that is not the sum of its days is believed by nobody, and rightly.
with windows as (
    select * from {{ ref('fct_kpi_windows') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
    where aggregation = 'additive'
),

days as (
    select windows.*
    from windows
    inner join kpis on windows.kpi_id = kpis.kpi_id
    where windows.window_days = 1
),

longer as (
    select windows.*
    from windows
    inner join kpis on windows.kpi_id = kpis.kpi_id
    where windows.window_days > 1
),

compared as (
    select
        longer.kpi_id,
        longer.window_days,
        longer.window_end,
        longer.segment_dimension,
        longer.segment,
        longer.numerator,
        longer.denominator,
        longer.n,
        sum(days.numerator) as numerator_of_days,
        sum(days.denominator) as denominator_of_days,
        sum(days.n) as n_of_days
    from longer
    left join days
        on
            longer.kpi_id = days.kpi_id
            and longer.segment_dimension = days.segment_dimension
            and longer.segment = days.segment
            and days.window_end <= longer.window_end
            and days.window_end > longer.window_end - longer.window_days
    group by all
)

select *
from compared
where
    n <> n_of_days
    or coalesce(numerator, 0) <> coalesce(numerator_of_days, 0)
    or coalesce(denominator, 0) <> coalesce(denominator_of_days, 0)
