{#- The latest versions of a landed table's rows; a condition must hold for all versions of a row alike: one of its key. -#}
{% macro latest_landed(table_name, condition=none) -%}
    select * from {{ source('landing', table_name) }}
    {%- if condition %} where {{ condition }}{% endif %}
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
{%- endmacro %}
