{#- What models say of the rows a run looks at; how is in `refreshed.sql`. -#}

{#- Rows that went from a refreshed model or came to it in its last step; none if that made it whole. -#}
{% macro last_changes(name) -%}
    {%- do built_after([name]) -%}
    {%- if knows_states() and run_query(
        "select count(*) from duckdb_tables() where schema_name = 'changes' and table_name = '" ~ name ~ "'"
    ).rows[0][0] -%}
        changes.{{ name }}
    {%- else -%}
        (select * from {{ kept_relation(name) }} where false)
    {%- endif -%}
{%- endmacro %}

{#- What says which rows are in the scope of a refreshed model. -#}
{% macro scope_relation(scope) -%}
    {{ kept_relation(scope.of) if scope.get('of') else last_changes(scope.changes) }}
{%- endmacro %}

{#- A condition that a row is in the scope of `name`: its column is among those; all rows are where it is made whole. -#}
{% macro in_scope(name, column, relation, scope_column, where='true') -%}
    {%- if is_refreshing(name) -%}
        {{ column }} in (select {{ scope_column }} from {{ relation }} where {{ where }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
