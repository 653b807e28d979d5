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

{#-
    A KPI and one arm of its comparison as one number, and back: grouping tens of millions of rows by a text costs twice
    as much.
-#}
{% macro kpi_series(kpi_number, arm) -%}
    cast({{ kpi_number }} * 3 + case {{ arm }} when 'all' then 0 when 'treated' then 1 else 2 end as smallint)
{%- endmacro %}

{% macro kpi_of_series(series_number) -%}
    cast({{ series_number }} // 3 as smallint)
{%- endmacro %}

{% macro arm_of_series(series_number) -%}
    case {{ series_number }} % 3 when 0 then 'all' when 1 then 'treated' else 'baseline' end
{%- endmacro %}
