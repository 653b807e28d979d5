-- Retention, churn and reactivation per month and segment, the segment being that at the start of the month.
with periods as (
    select * from {{ ref('fct_retention_periods') }}
    where activity_window_days = {{ var('kpi_activity_window_days') }}
),

populations as (
    select * from {{ ref('fct_segment_populations') }}
),

segmented as (
    {{ by_segment('periods', 'period_start') }}
),

cells as (
    select
        period_start,
        segment_dimension,
        segment,
        is_mature,
        count(*) filter (where is_active_at_start) as start_count,
        count(*) filter (where is_retained) as retained_count,
        count(*) filter (where is_reactivated) as reactivated_count
    from segmented
    group by all
),

compared as (
    select
        cells.*,
        greatest(cells.reactivated_count, coalesce(populations.known_customer_count, 0) - cells.start_count) as gone_count
    from cells
    left join populations
        on
            cells.period_start = populations.month_start
            and cells.segment_dimension = populations.segment_dimension
            and cells.segment = populations.segment
),

counted as (
    select
        *,
        'crr' as kpi_id,
        retained_count as successes,
        start_count as n
    from compared
    union all by name
    select
        *,
        'churn' as kpi_id,
        start_count - retained_count as successes,
        start_count as n
    from compared
    union all by name
    select
        *,
        'reactivation_rate' as kpi_id,
        reactivated_count as successes,
        gone_count as n
    from compared
),

{{ given_proportions('counted') }}

select * from final
