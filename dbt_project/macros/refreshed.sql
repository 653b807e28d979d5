{#-
    Tables that are refreshed where a run touches them, and made whole where anything is in doubt. What a refreshed model
    needs is said in its `meta`:
      key      its key, one column list: rows come and go by it
      hashed   that its SQL ends with `row_hashes`, by which rows are compared and sought
      follows  refreshed models it is made of; what went from them and came to them in the last step is in `changes`
      fixed    refreshed models any change of which makes it anew
      scope    {of or changes, columns}: the rows a run looks at are those whose `columns` are among those (or the
               `of_columns`) of the model `of`, or of the last step of the model `changes`; without a scope, all
      landed   landed tables it follows by their extract days
    Its SQL gives, where `is_refreshing` says so, the rows of the scope alone; these must depend on nothing that changes
    without touching the scope. Then the rows of the scope that are no longer so are replaced, in one transaction, and
    kept in `changes.<model>` with the side they are on. Code, seeds and constants are one hash, `landing.build_code`:
    under another one, or none, all is made anew; likewise after a version missed, at an earlier as-of day and where a run asks for
    it (`parcours run --rebuild`, dbt's --full-refresh). docs/speed.md says why this gives the rows of a rebuild.
-#}

{#- Where the states are kept; one row per model is enough of those a run before left. -#}
{% macro prepare_changes() %}
    {#- a process that builds twice keeps its graph -#}
    {% do graph.update({'refreshing': {}}) %}
    {% do run_query('create schema if not exists changes') %}
    {% do run_query('create sequence if not exists changes.steps') %}
    {% do run_query(
        'create table if not exists changes.states (step bigint, model varchar, version bigint, code varchar, '
        ~ 'as_of_at timestamp, built_on varchar, steps bigint, is_held boolean)'
    ) %}
    {% do run_query(
        'create or replace table changes.states as '
        ~ 'from changes.states qualify row_number() over (partition by model order by step desc) = 1'
    ) %}
{% endmacro %}

{#- Anything but a build or run knows no states: a page of the docs or a unit test shows the model as it is made whole. -#}
{% macro knows_states() %}
    {{ return(execute and flags.WHICH in ('build', 'run') and model.resource_type == 'model') }}
{% endmacro %}

{% macro refreshed_meta(name) %}
    {{ return(graph.nodes['model.' ~ project_name ~ '.' ~ name].config.meta) }}
{% endmacro %}

{#- The table a refreshed model is, for models that come before it and look at what it was. -#}
{% macro kept_relation(name) -%}
    {#- there is no graph while the project is parsed, nor in a unit test -#}
    {%- if not execute or model.resource_type != 'model' %}{{ return(name) }}{% endif -%}
    {%- set node = graph.nodes['model.' ~ project_name ~ '.' ~ name] -%}
    {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) }}
{%- endmacro %}

{#- Built after these models though it does not select from them all. -#}
{% macro built_after(names) %}
    {%- if not execute %}{% for name in names %}{% do ref(name) %}{% endfor %}{% endif -%}
{% endmacro %}

{#-
    How a refreshed model is to be built now: `is_delta`, and for it `before_at` (the as-of instant of the last time) and
    `version`; `built_on` is what it will have been built on.
-#}
{% macro refreshing(name) %}
    {#- asked many times while a model is built, and the same until it is -#}
    {%- set asked = model.unique_id ~ ' of ' ~ name -%}
    {%- set known = graph.setdefault('refreshing', {}) -%}
    {%- if asked not in known %}{% do known.update({asked: judged_state(name)}) %}{% endif -%}
    {{ return(known[asked]) }}
{% endmacro %}

{% macro judged_state(name) %}
    {%- set meta = refreshed_meta(name) -%}
    {%- set parents = (meta.get('follows') or []) + (meta.get('fixed') or []) -%}
    {%- set found = {} -%}
    {%- for row in run_query(
        "select model, version, code, as_of_at, built_on, is_held, "
        ~ "coalesce(code = (select code from landing.build_code where not is_rebuild), false) and as_of_at <= (select as_of_at from landing.run_parameters) as is_like, "
        ~ "exists (from duckdb_tables() where schema_name || '.' || table_name = '"
        ~ kept_relation(name).schema ~ '.' ~ kept_relation(name).identifier ~ "') as is_there "
        ~ "from changes.states where model in ('" ~ ([name] + parents) | join("', '") ~ "') "
        ~ "qualify row_number() over (partition by model order by step desc) = 1"
    ).rows -%}
        {%- do found.update({row[0]: row}) -%}
    {%- endfor -%}
    {%- set built_on, doubts = [], [] -%}
    {%- set state = found.get(name) -%}
    {%- set before = (state[4] or '').split(';') if state else [] -%}
    {%- for parent in parents -%}
        {%- set version = found[parent][1] if parent in found else 0 -%}
        {%- do built_on.append(parent ~ '=' ~ version) -%}
        {%- if parent ~ '=' ~ version not in before
            and (parent in (meta.get('fixed') or []) or parent ~ '=' ~ (version - 1) not in before) -%}
            {%- do doubts.append(parent) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return({
        'is_delta': true if state and not flags.FULL_REFRESH and state[5] and state[6] and state[7] and not doubts else false,
        'before_at': state[3] if state else none,
        'version': state[1] if state else 0,
        'built_on': built_on | join(';'),
    }) }}
{% endmacro %}

{#- Whether the model of this name gets only the rows of its scope in this run. -#}
{% macro is_refreshing(name) %}
    {%- if not knows_states() %}{{ return(false) }}{% endif -%}
    {{ return(refreshing(name).is_delta) }}
{% endmacro %}
