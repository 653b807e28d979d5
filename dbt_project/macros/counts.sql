{#-
    Bound of a count, Poisson × dispersion: Byar's bound of the number of independent customers' worth (count over
    dispersion, dispersion = Σx² / Σx and at least 1), times the dispersion.
-#}
{% macro count_bound(count, squares, side) -%}
    {%- set dispersion = 'greatest(1.0, cast(' ~ squares ~ ' as double) / nullif(cast(' ~ count ~ ' as double), 0))' -%}
    {%- set shifted = '(cast(' ~ count ~ ' as double) / ' ~ dispersion ~ (' + 1.0' if side > 0 else '') ~ ')' -%}
    (case
        when {{ count }} < 0 then null
        when {{ count }} = 0 then {{ '3.688879' if side > 0 else '0.0' }}
        else {{ dispersion }} * {{ shifted }} * power(
            1.0 - 1.0 / (9.0 * {{ shifted }}) + {{ side }} * {{ z_95() }} / (3.0 * sqrt({{ shifted }})), 3
        )
    end)
{%- endmacro %}
