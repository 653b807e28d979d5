-- How many customers were active at the start and the end of a month, stayed, joined or came back, per activity window and
-- segment; the segment is the one at the start of the month. Retention rates are shares of these counts.
with periods as (
    select * from {{ ref('fct_retention_periods') }}
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
        activity_window_days,
        is_mature,
        count(*) filter (where is_active_at_start) as start_customer_count,
        count(*) filter (where is_retained) as retained_customer_count,
        count(*) filter (where is_active_at_end) as end_customer_count,
        count(*) filter (where is_new) as new_customer_count,
        count(*) filter (where is_reactivated) as reactivated_customer_count
    from segmented
    group by all
),

final as (
    select
        cells.*,
        greatest(
            cells.reactivated_customer_count, coalesce(populations.known_customer_count, 0) - cells.start_customer_count
        ) as inactive_start_count
    from cells
    left join populations
        on
            cells.period_start = populations.month_start
            and cells.segment_dimension = populations.segment_dimension
            and cells.segment = populations.segment
)

select * from final
