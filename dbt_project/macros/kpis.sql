{#-
    What is added up over the observations of a person, or over parts of a person that were added up before: units, those
    with a positive and a negative numerator, those not mature yet, numerator and denominator.
-#}
{% macro kpi_person_sums(numerator='numerator', denominator='denominator', relation='') -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- for name in ['unit_count', 'immature_count', 'positive_count', 'negative_count'] %}
    cast(sum({{ prefix }}{{ name }}) as bigint) as {{ name }},
    {%- endfor %}
    cast(sum({{ prefix }}{{ numerator }}) as decimal(18, 4)) as cluster_x,
    cast(sum({{ prefix }}{{ denominator }}) as decimal(18, 4)) as cluster_n
{%- endmacro %}

{#- What is added up over the observations of a person on a day; of a KPI, all of a day are mature or none. -#}
{% macro kpi_unit_sums(relation) -%}
    cast(sum({{ relation }}.unit_count) as bigint) as unit_count,
    count(*) filter (where {{ relation }}.numerator > 0) as positive_count,
    count(*) filter (where {{ relation }}.numerator < 0) as negative_count,
    cast(sum({{ relation }}.numerator) as decimal(18, 4)) as cluster_x,
    cast(sum({{ relation }}.denominator) as decimal(18, 4)) as cluster_n
{%- endmacro %}

{#- What is added up over persons of a day: how many there are, the sums above, and their squares. -#}
{% macro kpi_day_sums() -%}
    count(*) as person_count,
    cast(sum(unit_count) as bigint) as unit_count,
    cast(sum(positive_count) as bigint) as positive_count,
    cast(sum(negative_count) as bigint) as negative_count,
    {{ cluster_sums() }}
{%- endmacro %}

{#- What is added up over persons: the sums above, their squares, and persons with something mature, and all of them. -#}
{% macro kpi_cell_sums() -%}
    count(*) filter (where unit_count > 0) as mature_person_count,
    count(*) as person_count,
    cast(sum(unit_count) as bigint) as unit_count,
    cast(sum(immature_count) as bigint) as immature_count,
    cast(sum(positive_count) as bigint) as positive_count,
    cast(sum(negative_count) as bigint) as negative_count,
    {{ cluster_sums() }}
{%- endmacro %}

{#- The sums of cells of which every person is in one only, added up: counts stay in 64 bits, which are half as dear. -#}
{% macro kpi_sums_of_sums(names=none, relation='') -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- for name in names or [
        'mature_person_count', 'person_count', 'unit_count', 'immature_count', 'positive_count', 'negative_count',
        'sum_x', 'sum_n', 'sum_xx', 'sum_xn', 'sum_nn', 'cluster_count'
    ] %}
    {%- set total = 'sum(' ~ prefix ~ name ~ ')' %}
    {{ total if name.startswith('sum_') else 'cast(' ~ total ~ ' as bigint)' }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The sums of a day that is mature; else none. -#}
{% macro kpi_if_mature(names) -%}
    {%- for name in names %}
    case when is_mature then {{ name }} else 0 end as {{ name }}{{ ',' if not loop.last }}
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

{#- What was added up per period (`period_end`) or window, once per window it belongs to. Yields the CTE `windowed`. -#}
{% macro kpi_windowed(observed, windows) -%}
window_periods as (
    select
        ends.period_end,
        {{ windows }}.window_number
    from (select distinct period_end from {{ observed }}) as ends
    inner join {{ windows }}
        on
            ends.period_end <= {{ windows }}.window_end
            and ends.period_end > {{ windows }}.window_end - {{ windows }}.window_days
),

windowed as (
    select
        {{ observed }}.* replace (
            coalesce({{ observed }}.window_number, window_periods.window_number) as window_number
        )
    from {{ observed }}
    left join window_periods on {{ observed }}.period_end = window_periods.period_end
)
{%- endmacro %}
