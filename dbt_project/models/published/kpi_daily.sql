-- Every KPI per business day and segment; KPIs of whole periods on the last day of each. A dimension of which every
-- segment of the day is hidden has no row.
with daily as (
    select * from {{ ref('fct_kpi_windows') }}
),

catalogue as (
    select * from {{ ref('kpi_catalogue') }}
),

renamed as (
    select
        daily.kpi_id,
        daily.window_end as metric_date,
        daily.window_days,
        daily.segment_dimension,
        daily.segment,
        {{ count_unless_sensitive(
            count_unless_concentrated(
                'daily.customer_count', 'catalogue.interval_kind', 'catalogue.unit', 'daily.value', 'daily.value_high'
            ),
            'daily.kpi_id', 'catalogue.interval_kind', 'daily.numerator', 'daily.denominator'
        ) }} as customer_count,
        daily.numerator,
        daily.denominator,
        daily.baseline_numerator,
        daily.baseline_denominator,
        daily.n,
        daily.value,
        daily.value_low,
        daily.value_high,
        daily.is_mature,
        daily.is_small_n,
        catalogue.aggregation
    from daily
    inner join catalogue on daily.kpi_id = catalogue.kpi_id
    where daily.window_days = 1 or catalogue.aggregation = 'period'
),

{{ accompanied_days('renamed') }},

-- where every segment has too few there is nothing to rank: of most days of a small company
ranked_dimensions as (
    select
        kpi_id,
        metric_date,
        segment_dimension
    from accompanied
    group by all
    having segment_dimension = 'all' or max(customer_count) >= {{ var('suppression_minimum_customers') }}
),

showable as (
    select accompanied.*
    from accompanied
    semi join ranked_dimensions using (kpi_id, metric_date, segment_dimension)
),

{{ suppress(
    'showable',
    cell=['kpi_id', 'metric_date'],
    measures=[
        'numerator', 'denominator', 'baseline_numerator', 'baseline_denominator', 'n', 'value', 'value_low',
        'value_high', 'is_mature', 'is_small_n',
    ]
) }},

shown as (
    select
        kpi_id,
        metric_date,
        segment_dimension
    from suppressed
    where segment_dimension = 'all' or not is_suppressed
    group by all
),

final as (
    select suppressed.*
    from suppressed
    semi join shown using (kpi_id, metric_date, segment_dimension)
)

select * from final
