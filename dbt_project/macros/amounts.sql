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

{#-
    Bound of a mean amount (or time) per unit, of which none is negative: Student's t, corrected for skewness (Hall 1992),
    from the value and its half-width. The skewness is that of a gamma distribution of the same variation, twice the
    coefficient of variation: the sample's own is far too small where it matters, and needs cubes. With few customers the
    upper bound is that of t if that is higher.
-#}
{% macro skewed_mean_bound(value, half_width, clusters, side) -%}
    {%- set reach = '(' ~ half_width ~ ' / ' ~ value ~ ')' -%}
    {%- set bias = '(power(' ~ reach ~ ' / ' ~ student_t_975('(' ~ clusters ~ ' - 1)') ~ ', 2) * 2.0 / 3.0)' -%}
    {%- if side < 0 -%}
    ({{ value }} * greatest(0.0, 2.5 - 1.5 * cbrt(1.0 + 2.0 * {{ reach }} - {{ bias }})))
    {%- else -%}
    ({{ value }} * greatest(1.0 + {{ reach }}, 2.5 - 1.5 * cbrt(1.0 - 2.0 * {{ reach }} - {{ bias }})))
    {%- endif -%}
{%- endmacro %}
