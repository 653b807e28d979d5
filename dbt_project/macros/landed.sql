{#- The latest version of each row of a landed table. Versions are told apart before, so the condition must be one of the row's key. -#}
{% macro latest_landed(table_name, condition='true') -%}
    select * from {{ source('landing', table_name) }}
    where {{ condition }}
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
{%- endmacro %}
