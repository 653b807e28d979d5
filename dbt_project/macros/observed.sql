{#- The last day a table is known for: the as-of date, or its last extract day where extracts end earlier. -#}
{% macro observed_until(table_name) -%}
    select least(run_parameters.as_of_date, availability.last_extract_date) as last_day
    from {{ source('landing', 'run_parameters') }} as run_parameters
    inner join {{ source('landing', 'table_availability') }} as availability
        on availability.table_name = '{{ table_name }}'
{%- endmacro %}
