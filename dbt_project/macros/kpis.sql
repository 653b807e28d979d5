{#-
    What is added up over the observations of a person, or over parts of a person that were added up before: units, those
    with a positive and a negative numerator, those not mature yet, numerator and denominator.
-#}
{% macro kpi_person_sums(numerator='numerator', denominator='denominator', relation='') -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- for name in ['unit_count', 'immature_count', 'positive_count', 'negative_count'] %}
    sum({{ prefix }}{{ name }}) as {{ name }},
    {%- endfor %}
    cast(sum({{ prefix }}{{ numerator }}) as decimal(18, 4)) as cluster_x,
    cast(sum({{ prefix }}{{ denominator }}) as decimal(18, 4)) as cluster_n
{%- endmacro %}

{#- What is added up over persons: the sums above, their squares, and persons with something mature, and all of them. -#}
{% macro kpi_cell_sums() -%}
    count(*) filter (where unit_count > 0) as mature_person_count,
    count(*) as person_count,
    sum(unit_count) as unit_count,
    sum(immature_count) as immature_count,
    sum(positive_count) as positive_count,
    sum(negative_count) as negative_count,
    {{ cluster_sums() }}
{%- endmacro %}

{#- The sums of cells of which every person is in one only, added up. -#}
{% macro kpi_sums_of_sums() -%}
    {%- for name in [
        'mature_person_count', 'person_count', 'unit_count', 'immature_count', 'positive_count', 'negative_count',
        'sum_x', 'sum_n', 'sum_xx', 'sum_xn', 'sum_nn', 'cluster_count'
    ] %}
    sum({{ name }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
