{#-
    A count of customers as suppression is to take it: where all of a segment, or none, have what is nobody's business
    (a complaint, a refund, leaving), the share says it of each of them, however many they are, and the cell counts as too
    small. It is hidden whole: a denominator beside it would say why it is hidden. Of the whole company a share is shown.
-#}
{% macro count_unless_uniform(customer_count, part, whole) -%}
    case
        when {{ is_uniform(part, whole) }}
            then least({{ customer_count }}, {{ var('suppression_minimum_customers') }} - 1)
        else {{ customer_count }}
    end
{%- endmacro %}

{#- Whether all of a segment are the same in this. -#}
{% macro is_uniform(part, whole) -%}
    segment_dimension <> 'all' and {{ whole }} > 0 and ({{ part }} = 0 or abs({{ part }}) = {{ whole }})
{%- endmacro %}

{#- The same for a KPI, if it is a sensitive one; an NPS of 0 is no share of nobody. -#}
{% macro count_unless_sensitive(customer_count, kpi, interval_kind, part, whole) -%}
    case
        when {{ kpi }} in ('{{ var("sensitive_kpis") | join("', '") }}') and ({{ interval_kind }} <> 'nps' or {{ part }} <> 0)
            then {{ count_unless_uniform(customer_count, part, whole) }}
        else {{ customer_count }}
    end
{%- endmacro %}
