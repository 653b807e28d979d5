{#-
    Days that a lone hidden day takes along. A window that holds one hidden day of the whole company, or few customers
    hidden in all, tells them; rather than every such window, the shown day before (the first of all: after) is hidden
    too, with all its segments. A hidden day is lone if the hidden days within the shortest window around it do not
    cover for each other. `relation` has `kpi_id`, its `aggregation`, `window_days`, `metric_date`, segments and
    `customer_count`. Yields the CTE `accompanied`, without `aggregation`.
-#}
{% macro accompanied_days(relation) %}
{%- set minimum = var('suppression_minimum_customers') %}
{%- set reach = var('kpi_windows_days') | min - 1 %}
whole_days as (
    select
        kpi_id,
        metric_date,
        customer_count,
        customer_count < {{ minimum }} as is_hidden
    from {{ relation }}
    where segment_dimension = 'all' and customer_count > 0 and window_days = 1 and aggregation not in ('state', 'period')
),

lone_days as (
    select
        *,
        is_hidden
        and (
            count(*) filter (where is_hidden) over around = 1
            or sum(customer_count) filter (where is_hidden) over around
            < {{ minimum }} + count(*) filter (where is_hidden) over around - 1
        ) as is_lone,
        count(*) filter (where not is_hidden) over (partition by kpi_id order by metric_date) as shown_so_far
    from whole_days
    window around as (
        partition by kpi_id
        order by metric_date range between interval {{ reach }} days preceding and interval {{ reach }} days following
    )
),

-- a shown day and the hidden ones up to the next shown day have the same `shown_so_far`; hidden ones before any have 0
companion_days as (
    select
        kpi_id,
        min(metric_date) filter (where not is_hidden) as metric_date
    from (select *, greatest(shown_so_far, 1) as stretch from lone_days) as stretches
    group by kpi_id, stretch
    having bool_or(is_lone)
),

accompanied as (
    select
        {{ relation }}.* exclude (aggregation) replace (
            case
                when companion_days.kpi_id is not null then least({{ relation }}.customer_count, {{ minimum }} - 1)
                else {{ relation }}.customer_count
            end as customer_count
        )
    from {{ relation }}
    left join companion_days
        on
            {{ relation }}.kpi_id = companion_days.kpi_id
            and {{ relation }}.metric_date = companion_days.metric_date
            and {{ relation }}.window_days = 1
)
{% endmacro %}
