{#-
    A bound held within the scale of its unit, and at 0 where nothing can lie below it; any other bound as it is, NULL
    included. `kpis` has the unit.
-#}
{% macro within_scale(bound) -%}
    case
        when kpis.unit = 'rating' and {{ bound }} < 1 then 1.0
        when kpis.unit = 'rating' and {{ bound }} > 5 then 5.0
        when kpis.unit = 'points' and {{ bound }} < -100 then -100.0
        when kpis.unit in ('score', 'points') and {{ bound }} > 100 then 100.0
        when kpis.unit not in ('amount', 'points') and {{ bound }} < 0 and cells.sum_x >= 0 then 0.0
        else {{ bound }}
    end
{%- endmacro %}
