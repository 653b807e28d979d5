{#-
    The last CTE of a model of KPI observations over `relation`, which has kpi_id, unit_key, customer_key, person_key,
    observed_at, numerator and denominator: their types, and the business day of the instant. Yields the CTE `final`.
-#}
{% macro observed(relation) -%}
final as (
    select
        * replace (
            cast(numerator as decimal(18, 4)) as numerator,
            cast(denominator as decimal(18, 4)) as denominator
        ),
        {{ business_date('observed_at') }} as observed_on
    from {{ relation }}
)
{%- endmacro %}

{#- One row per column of a relation, named after the delivered table, with whether any row says something in it. -#}
{% macro filled_columns(table_name, relation, columns) -%}
    {%- for column in columns %}
    select
        '{{ table_name }}.{{ column }}' as required_column,
        count({{ column }}) > 0 as is_filled
    from {{ relation }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
