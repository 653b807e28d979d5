{#- A bound of a score, held within its scale of 0 to 100; any other bound as it is, NULL included. -#}
{% macro within_scale(bound) -%}
    case
        when catalogue.unit = 'score' and {{ bound }} < 0 then 0.0
        when catalogue.unit = 'score' and {{ bound }} > 100 then 100.0
        else {{ bound }}
    end
{%- endmacro %}
