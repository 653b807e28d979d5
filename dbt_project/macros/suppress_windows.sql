{#-
    Windows that would tell a day that is hidden, with the count that suppression is to take: the days of a window add up
    to it, and the windows of two releases in a row differ by one day that came and one that went. A segment is shown by
    window only where the days of two window lengths are all shown or all hidden. The whole company is shown by window
    unless its hidden days are one, or hold too few customers together. A state is no sum of days. `relation` has windows
    of `kpi_id`, with its `aggregation`, that end on `window_end`; `windows` the days too, `daily` says which of them are
    hidden. Yields the CTE `guarded`.
-#}
{% macro guarded_windows(relation, windows, daily) %}
{%- set minimum = var('suppression_minimum_customers') %}
series_days as (
    select
        {{ windows }}.kpi_id,
        {{ windows }}.segment_dimension,
        {{ windows }}.segment,
        {{ windows }}.window_end as metric_date,
        {{ windows }}.customer_count,
        coalesce(not {{ daily }}.is_suppressed, false) as is_shown
    from {{ windows }}
    left join {{ daily }}
        on
            {{ windows }}.kpi_id = {{ daily }}.kpi_id
            and {{ windows }}.window_end = {{ daily }}.metric_date
            and {{ windows }}.segment_dimension = {{ daily }}.segment_dimension
            and {{ windows }}.segment = {{ daily }}.segment
    where {{ windows }}.window_days = 1 and {{ windows }}.customer_count > 0
),

telling_windows as (
    select
        wanted_windows.kpi_id,
        wanted_windows.window_days,
        wanted_windows.window_end,
        wanted_windows.segment_dimension,
        wanted_windows.segment
    from (
        select
            kpi_id,
            window_days,
            window_end,
            segment_dimension,
            segment
        from {{ relation }}
        where window_days > 1 and aggregation <> 'state'
        group by all
    ) as wanted_windows
    inner join series_days
        on
            wanted_windows.kpi_id = series_days.kpi_id
            and wanted_windows.segment_dimension = series_days.segment_dimension
            and wanted_windows.segment = series_days.segment
            and series_days.metric_date <= wanted_windows.window_end
            and series_days.metric_date > wanted_windows.window_end - wanted_windows.window_days * (
                case when wanted_windows.segment_dimension = 'all' then 1 else 2 end
            )
    group by all
    having
        bool_or(series_days.is_shown)
        and bool_or(not series_days.is_shown)
        and (
            wanted_windows.segment_dimension <> 'all'
            or count(*) filter (where not series_days.is_shown) = 1
            or sum(series_days.customer_count) filter (where not series_days.is_shown)
            < {{ minimum }} + count(*) filter (where not series_days.is_shown) - 1
        )
),

guarded as (
    select
        {{ relation }}.* replace (
            case
                when telling_windows.kpi_id is not null then least({{ relation }}.customer_count, {{ minimum }} - 1)
                else {{ relation }}.customer_count
            end as customer_count
        )
    from {{ relation }}
    left join telling_windows
        on
            {{ relation }}.kpi_id = telling_windows.kpi_id
            and {{ relation }}.window_days = telling_windows.window_days
            and {{ relation }}.window_end = telling_windows.window_end
            and {{ relation }}.segment_dimension = telling_windows.segment_dimension
            and {{ relation }}.segment = telling_windows.segment
)
{% endmacro %}
