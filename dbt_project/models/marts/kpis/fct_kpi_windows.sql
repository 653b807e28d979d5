-- Every KPI per window and segment: each single day, the windows that end at the as-of date, those just before and those
-- of a year ago, and the periods of KPIs that have their own. A window is complete when what the KPI rests on was
-- delivered for all of its days.
with measured as (
    select * from {{ ref('int_kpi_windows__measured') }}
),

durations as not materialized (
    select * from {{ ref('int_kpi_durations__estimated') }}
),

periods as (
    select * from {{ ref('int_kpi_periods__unioned') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

estimated as (
    select
        kpi_number,
        window_days,
        window_end,
        segment_dimension,
        segment,
        customer_count,
        over_count as numerator,
        unit_count as denominator,
        unit_count as n,
        unit_count as least_n,
        value,
        value_low,
        value_high,
        immature_count = 0 as is_mature
    from durations
),

given as (
    select
        kpis.kpi_number,
        cast(periods.period_end - periods.period_start + 1 as integer) as window_days,
        periods.period_end as window_end,
        periods.segment_dimension,
        periods.segment,
        periods.customer_count,
        periods.numerator,
        periods.denominator,
        periods.n,
        periods.n as least_n,
        periods.value,
        periods.value_low,
        periods.value_high,
        periods.is_mature
    from periods
    inner join kpis on periods.kpi_id = kpis.kpi_id
),

unioned as (
    select * from measured
    union all by name
    select * from estimated
    union all by name
    select * from given
),

known_days as (
    select
        kpis.required_tables,
        min(observed.first_day) as first_day
    from (
        select
            kpi_number,
            min(window_end) as first_day
        from measured
        where window_days = 1
        group by kpi_number
        union all
        select
            kpi_number,
            min(window_end) as first_day
        from durations
        where window_days = 1
        group by kpi_number
    ) as observed
    inner join kpis on observed.kpi_number = kpis.kpi_number
    group by kpis.required_tables
),

final as (
    select
        kpis.kpi_id,
        cast(unioned.window_days as integer) as window_days,
        cast(unioned.window_end as date) as window_end,
        unioned.segment_dimension,
        unioned.segment,
        cast(unioned.customer_count as bigint) as customer_count,
        cast(unioned.numerator as decimal(18, 4)) as numerator,
        cast(unioned.denominator as decimal(18, 4)) as denominator,
        cast(unioned.baseline_numerator as decimal(18, 4)) as baseline_numerator,
        cast(unioned.baseline_denominator as decimal(18, 4)) as baseline_denominator,
        cast(unioned.n as bigint) as n,
        round(unioned.value, 6) as value,
        round(unioned.value_low, 6) as value_low,
        round(unioned.value_high, 6) as value_high,
        unioned.is_mature and unioned.window_end <= kpis.last_day as is_mature,
        unioned.least_n < kpis.minimum_n as is_small_n,
        coalesce(unioned.window_end - unioned.window_days + 1 >= known_days.first_day, kpis.aggregation = 'period')
        and unioned.window_end <= kpis.last_day as is_complete
    from unioned
    inner join kpis on unioned.kpi_number = kpis.kpi_number
    left join known_days on kpis.required_tables = known_days.required_tables
)

select * from final
