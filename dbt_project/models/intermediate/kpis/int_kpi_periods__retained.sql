-- Retention, churn and reactivation per month and segment, the segment being that at the start of the month.
with cells as (
    select
        period_start,
        segment_dimension,
        segment,
        is_mature,
        start_customer_count as start_count,
        retained_customer_count as retained_count,
        reactivated_customer_count as reactivated_count,
        inactive_start_count as gone_count
    from {{ ref('int_retention_cells__counted') }}
    where activity_window_days = {{ var('kpi_activity_window_days') }}
),

counted as (
    select
        *,
        'crr' as kpi_id,
        retained_count as successes,
        start_count as n
    from cells
    union all by name
    select
        *,
        'churn' as kpi_id,
        start_count - retained_count as successes,
        start_count as n
    from cells
    union all by name
    select
        *,
        'reactivation_rate' as kpi_id,
        reactivated_count as successes,
        gone_count as n
    from cells
),

{{ given_proportions('counted') }}

select * from final
