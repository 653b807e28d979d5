{#- How refreshed tables are written; what they are is in `refreshed.sql`. -#}

{% materialization refreshed, adapter='duckdb' %}
    {%- set how = refreshing(model.name) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none and not existing.is_table -%}
        {% do adapter.drop_relation(existing) %}
    {%- endif -%}
    {%- if how.is_delta -%}
        {%- set steps = refresh_rows(target, compiled_code) -%}
    {%- else -%}
        {%- call statement('main') -%}
            create or replace table {{ target }} as ({{ compiled_code }});
            drop table if exists changes.{{ model.name }};
        {%- endcall -%}
        {#- two versions on: nobody can follow -#}
        {%- set steps = 2 -%}
    {%- endif -%}
    {%- call statement('state') -%}
        insert into changes.states
        select nextval('changes.steps'), '{{ model.name }}', {{ how.version + steps }}, build_code.code,
            run_parameters.as_of_at, '{{ how.built_on }}', {{ steps }}, false
        from landing.run_parameters
        left join landing.build_code on true;
        {%- if model.config.meta.get('landed') %}
        create or replace table changes.{{ model.name }}__landed as {{ landed_days(model.config.meta.landed) }};
        {%- endif %}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- Replaces the rows of the scope that differ and keeps them as the last step; how many versions that is, 0 or 1. -#}
{% macro refresh_rows(target, sql) %}
    {%- set name = model.name -%}
    {%- set key = model.config.meta.key -%}
    {%- set scope = model.config.meta.get('scope') -%}
    {%- set hashed = model.config.meta.get('hashed', false) -%}
    {%- set columns = ['row_hash'] if hashed else adapter.get_columns_in_relation(target) | map(attribute='name') | list -%}
    {%- set told = (['rowid as kept_row'] + key + columns if hashed else ['rowid as kept_row', '*']) | join(', ') -%}
    {%- call statement('main') -%}
        create or replace temp table {{ name }}__new as ({{ sql }});
        create or replace temp {{ 'table' if scope else 'view' }} {{ name }}__old as
        {{ kept_in_scope(target, scope, told) if scope else 'select ' ~ told ~ ' from ' ~ target }};
        create or replace temp table {{ name }}__gone as
        {{ rows_only_in(name ~ '__old', name ~ '__new', key, columns) }};
        create or replace table changes.{{ name }}__step as
        select *, true as is_come from ({{ rows_only_in(name ~ '__new', name ~ '__old', key, columns) }})
        union all by name
        {%- if hashed %}
        select *, false as is_come from {{ target }} where rowid in (select kept_row from {{ name }}__gone);
        {%- else %}
        select * exclude (kept_row), false as is_come from {{ name }}__gone;
        {%- endif %}
        drop table {{ name }}__new;
        drop {{ 'table' if scope else 'view' }} {{ name }}__old;
    {%- endcall -%}
    {%- if run_query('select count(*) from changes.' ~ name ~ '__step').rows[0][0] == 0 -%}
        {% do run_query('drop table changes.' ~ name ~ '__step; drop table ' ~ name ~ '__gone') %}
        {{ return(0) }}
    {%- endif -%}
    {%- call statement('replace') -%}
        delete from {{ target }} where rowid in (select kept_row from {{ name }}__gone);
        insert into {{ target }} by name select * exclude (is_come) from changes.{{ name }}__step where is_come;
        drop table {{ name }}__gone;
        drop table if exists changes.{{ name }};
        alter table changes.{{ name }}__step rename to {{ name }};
    {%- endcall -%}
    {{ return(1) }}
{% endmacro %}

{#- What a run looks at of a model that is large: a view of all of it, or a table of the rows in scope. -#}
{% materialization touched, adapter='duckdb' %}
    {%- set kind = 'table' if is_refreshing(model.config.meta.get('of')) else 'view' -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type=kind) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none and existing.type != kind -%}
        {% do adapter.drop_relation(existing) %}
    {%- endif -%}
    {%- call statement('main') -%}
        create or replace {{ kind }} {{ target }} as ({{ compiled_code }});
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
