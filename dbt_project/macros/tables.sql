{#-
    A table, replaced by one statement in one transaction: nobody reads the build while it is made, so there is nothing
    to build beside and rename, which takes four statements and three look-ups more. Contracts hold as dbt has them.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none and not existing.is_table -%}
        {% do adapter.drop_relation(existing) %}
    {%- endif -%}
    {%- call statement('main') -%}
        {%- if config.get('contract').enforced -%}
            {{ get_assert_columns_equivalent(compiled_code) }}
            create or replace table {{ target }} {{ get_table_columns_and_constraints() }};
            insert into {{ target }} {{ get_column_names() }} ({{ get_select_subquery(compiled_code) }});
        {%- else -%}
            create or replace table {{ target }} as ({{ compiled_code }});
        {%- endif -%}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- A view, replaced likewise. -#}
{% materialization view, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none and not existing.is_view -%}
        {% do adapter.drop_relation(existing) %}
    {%- endif -%}
    {%- call statement('main') -%}
        create or replace view {{ target }} as ({{ compiled_code }});
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#-
    Tables a run makes anew go before it does: what replaces them is written where they were, and the file of a home that
    is run daily stays as large as one built at once. Only what is selected goes; refreshed tables and seeds stay.
-#}
{% macro make_room() %}
    {%- if not execute or flags.WHICH not in ('build', 'run') %}{% do return('') %}{% endif -%}
    {%- set leaving = [] -%}
    {%- for unique_id in selected_resources if unique_id in graph.nodes -%}
        {%- set node = graph.nodes[unique_id] -%}
        {%- if node.resource_type == 'model' and node.config.materialized in ('table', 'touched') -%}
            {%- do leaving.append(node.schema ~ '.' ~ node.alias) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- for row in run_query("select schema_name || '.' || table_name from duckdb_tables() where not internal").rows -%}
        {%- if row[0] in leaving %}{% do statements.append('drop table ' ~ row[0]) %}{% endif -%}
    {%- endfor -%}
    {%- if statements -%}
        {% do run_query(statements | join('; ')) %}
        {% do run_query('checkpoint') %}
    {%- endif -%}
{% endmacro %}
