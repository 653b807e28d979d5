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

{#- Accepted extract days of some landed tables, with a hash of their rows. -#}
{% macro landed_days(tables) -%}
    select table_name, extract_date, content_hash
    from landing.extract_outcomes
    where status = 'accepted' and table_name in ('{{ tables | join("', '") }}')
{%- endmacro %}

{#- Extract days of a landed table that are new, gone or otherwise since `name` was last built. -#}
{% macro changed_days(table, name) -%}
    (
        select extract_date from (
            (({{ landed_days([table]) }}) except (from changes.{{ name }}__landed))
            union all
            ((from changes.{{ name }}__landed where table_name = '{{ table }}') except ({{ landed_days([table]) }}))
        )
    )
{%- endmacro %}
