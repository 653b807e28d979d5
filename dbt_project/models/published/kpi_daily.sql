-- Every KPI per business day and segment.
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
) }}

select * from suppressed
