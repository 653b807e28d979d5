{#-
    Kaplan–Meier with Greenwood's interval on the log-log scale, from sums of logarithms and of Greenwood terms. At 0 % and
    100 % the scale has no value, and so the interval.
-#}
{% macro survival_columns() -%}
    cast(at_risk_count as bigint) as at_risk_count,
    cast(event_count as bigint) as event_count,
    round(exp(log_survival), 6) as survival_rate,
    {%- for side, name in [(1, 'low'), (-1, 'high')] %}
    case
        when log_survival < 0 and log_survival > -700
            then round(exp(log_survival * exp({{ side }} * {{ z_95() }} * sqrt(greenwood) / -log_survival)), 6)
    end as survival_rate_{{ name }},
    {%- endfor %}
    at_risk_count < {{ var('minimum_n') }} as is_small_n
{%- endmacro %}
