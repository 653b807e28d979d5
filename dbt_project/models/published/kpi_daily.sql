-- Every KPI per business day and segment. A dimension of which every segment of the day is hidden has no row.
with daily as (
    select * from {{ ref('fct_kpi_windows') }}
    where window_days = 1
),

renamed as (
    select
        kpi_id,
        window_end as metric_date,
        segment_dimension,
        segment,
        customer_count,
        numerator,
        denominator,
        n,
        value,
        value_low,
        value_high,
        is_mature,
        is_small_n
    from daily
),

{{ suppress(
    'renamed',
    cell=['kpi_id', 'metric_date'],
    measures=['numerator', 'denominator', 'n', 'value', 'value_low', 'value_high', 'is_mature', 'is_small_n']
) }},

final as (
    select *
    from suppressed
    qualify
        segment_dimension = 'all'
        or not bool_and(is_suppressed) over (partition by kpi_id, metric_date, segment_dimension)
)

select * from final
