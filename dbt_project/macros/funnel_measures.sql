{#- Counts and rates of a cell out of its sums; how a step ended is not said of the last one. -#}
{% macro funnel_rates(has_next) -%}
    cast(cells.entrant_count as bigint) as entrant_count,
    cast(cells.subject_count as bigint) as subject_count,
    {%- for name in ['converted', 'dropped', 'pending'] %}
    case when {{ has_next }} then cast(cells.{{ name }}_count as bigint) end as {{ name }}_count,
    {%- endfor %}
    cast(cells.sum_n as bigint) as mature_entrant_count,
    case when {{ has_next }} then cast(cells.sum_x as bigint) end as mature_converted_count,
    case
        when {{ has_next }} and cells.sum_n > 0 then round(cast(cells.sum_x as double) / cells.sum_n, 6)
    end as conversion_rate,
    case when {{ has_next }} then {{ wilson('cells.sum_x', 'cells.sum_n', design_effect(), -1) }} end as conversion_rate_low,
    case when {{ has_next }} then {{ wilson('cells.sum_x', 'cells.sum_n', design_effect(), 1) }} end as conversion_rate_high,
    case
        when {{ has_next }} and cells.converted_count > 0
            then round(cast(cells.tie_count as double) / cells.converted_count, 6)
    end as tie_share,
    round(cast(cells.order_violation_count as double) / cells.entrant_count, 6) as order_violation_rate
{%- endmacro %}

{#- What says how a step ended, that is, how many entered the next one. -#}
{% macro funnel_endings() %}
{{ return([
    'converted_count', 'dropped_count', 'pending_count', 'mature_converted_count', 'conversion_rate',
    'conversion_rate_low', 'conversion_rate_high', 'tie_share'
]) }}
{% endmacro %}

{% macro funnel_measures() %}
{{ return([
    'entrant_count', 'subject_count', 'mature_entrant_count', 'order_violation_rate'
] + funnel_endings()) }}
{% endmacro %}

{% macro funnel_time_measures() %}
{%- set names = [] %}
{%- for name in ['p25', 'median', 'p75'] %}
{%- for side in ['', '_low', '_high'] %}
{%- do names.append('seconds_to_next_' ~ name ~ side) %}
{%- endfor %}
{%- endfor %}
{{ return(names) }}
{% endmacro %}

{% macro funnel_provisional_measures() %}
{{ return(['rate_provisional', 'rate_provisional_low', 'rate_provisional_high', 'provisional_days']) }}
{% endmacro %}
