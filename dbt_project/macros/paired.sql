{#-
    Several ratios of one cell, each with an interval clustered by customer: sums of the pair (numerator, denominator)
    and of its products over one row per customer, under the name of the ratio.
-#}
{% macro paired_sums(numerator, denominator, name) -%}
    {%- set x = 'cast(' ~ numerator ~ ' as decimal(19, 4))' -%}
    {%- set n = 'cast(' ~ denominator ~ ' as decimal(19, 4))' -%}
    sum({{ x }}) as {{ name }}_x,
    sum({{ n }}) as {{ name }}_n,
    sum({{ x }} * {{ x }}) as {{ name }}_xx,
    sum({{ x }} * {{ n }}) as {{ name }}_xn,
    sum({{ n }} * {{ n }}) as {{ name }}_nn
{%- endmacro %}

{#- Wilson bound of a paired proportion on n / design effect; `customer_count` is the number of clusters. -#}
{% macro paired_wilson(name, side) -%}
    {{ wilson(
        name ~ '_x', name ~ '_n',
        design_effect(name ~ '_x', name ~ '_n', name ~ '_xx', name ~ '_xn', name ~ '_nn', 'customer_count'), side
    ) }}
{%- endmacro %}

{#- A paired ratio, or its bound (delta method, never below 0), which is open where every customer has the same ratio. -#}
{% macro paired_ratio(name, side=0) -%}
    {%- set ratio = 'cast(' ~ name ~ '_x as double) / nullif(cast(' ~ name ~ '_n as double), 0)' -%}
    {%- if side == 0 -%}
        round({{ ratio }}, 6)
    {%- else -%}
        {%- set half = ratio_half_width(
            name ~ '_x', name ~ '_n', name ~ '_xx', name ~ '_xn', name ~ '_nn', 'customer_count'
        ) -%}
        (case when {{ half }} > 0 then round(greatest(0.0, {{ ratio }} + {{ side }} * {{ half }}), 6) end)
    {%- endif -%}
{%- endmacro %}
