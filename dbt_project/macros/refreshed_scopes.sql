{#- What models say of the rows a run looks at; how is in `refreshed.sql`. -#}

{#- Rows that went from a refreshed model or came to it in its last step; none if that made it whole. -#}
{% macro last_changes(name) -%}
    {%- do built_after([name]) -%}
    {%- if knows_states() and run_query(
        "select count(*) from duckdb_tables() where schema_name = 'changes' and table_name = '" ~ name ~ "'"
    ).rows[0][0] -%}
        changes.{{ name }}
    {%- else -%}
        (select *, true as is_come from {{ kept_relation(name) }} where false)
    {%- endif -%}
{%- endmacro %}

{#- Of rows a refreshed table has in its scope, the columns in `told`. -#}
{% macro kept_in_scope(target, scope, told) -%}
    {%- set of = kept_relation(scope.of) if scope.get('of') else last_changes(scope.changes) -%}
    select {{ told }}
    from {{ target }} as kept
    semi join {{ of }} as scope on
        {%- for column in scope.columns %}
        {{ 'and ' if not loop.first }}kept.{{ column }} = scope.{{ (scope.get('of_columns') or scope.columns)[loop.index0] }}
        {%- endfor %}
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

{#-
    Extract days that are new, gone or otherwise since `name` was last built, by landed table (`days`), and the tables that
    had such a day before (`rewritten`).
-#}
{% macro changed_days(name) %}
    {#- asked once for all tables -#}
    {%- set asked = 'days of ' ~ name -%}
    {%- set known = graph.setdefault('refreshing', {}) -%}
    {%- if asked not in known -%}
        {%- set found = {'days': {}, 'rewritten': []} -%}
        {%- set landed, before = landed_days(refreshed_meta(name).landed), 'from changes.' ~ name ~ '__landed' -%}
        {%- for row in run_query(
            "select table_name, extract_date, bool_or(was_there) as was_there from ("
            ~ "select *, false as was_there from ((" ~ landed ~ ") except (" ~ before ~ ")) union all "
            ~ "select *, true as was_there from ((" ~ before ~ ") except (" ~ landed ~ "))"
            ~ ") group by table_name, extract_date order by all"
        ).rows -%}
            {%- do found.days.setdefault(row[0], []).append("date '" ~ row[1] ~ "'") -%}
            {%- if row[2] %}{% do found.rewritten.append(row[0]) %}{% endif -%}
        {%- endfor -%}
        {%- do known.update({asked: found}) -%}
    {%- endif -%}
    {{ return(known[asked]) }}
{% endmacro %}

{#- A condition that an extract day of a table is one of them. -#}
{% macro in_changed_days(column, table, name) -%}
    {%- set days = changed_days(name).days.get(table) -%}
    {{ column ~ ' in (' ~ days | join(', ') ~ ')' if days else 'false' }}
{%- endmacro %}
