{#-
    Design effect of a share of an amount (refunded over sold), for `wilson`. The few units that carry the numerator say
    little about its variance. So it leans, with the weight of one of them, towards what it is when the whole amount of
    a customer goes or stays (Kish 1965: Σn² / Σn).
-#}
{% macro amount_design_effect(positives='positive_count', sum_n='sum_n', sum_nn='sum_nn') -%}
    ((
        cast({{ positives }} as double) * {{ design_effect() }}
        + cast({{ sum_nn }} as double) / nullif(cast({{ sum_n }} as double), 0)
    ) / (cast({{ positives }} as double) + 1.0))
{%- endmacro %}
