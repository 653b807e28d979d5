{#-
    The last CTE of a model of monthly KPIs that are shares of customers. `relation` has kpi_id, period_start,
    segment_dimension, segment, is_mature, successes and n; a customer is in it once, so the interval is Wilson's.
    Yields the CTE `final`.
-#}
{% macro given_proportions(relation) -%}
final as (
    select
        kpi_id,
        period_start,
        cast(period_start + interval 1 month - interval 1 day as date) as period_end,
        segment_dimension,
        segment,
        cast(n as bigint) as customer_count,
        cast(successes as decimal(18, 4)) as numerator,
        cast(n as decimal(18, 4)) as denominator,
        cast(n as bigint) as n,
        round(cast(successes as double) / n, 6) as value,
        {{ wilson('successes', 'n', '1.0', -1) }} as value_low,
        {{ wilson('successes', 'n', '1.0', 1) }} as value_high,
        is_mature
    from {{ relation }}
    where n > 0
)
{%- endmacro %}
