{#-
    Makes schema `analysis`: one view per table of the analysis pass over its Parquet file; while there is none, a table
    of no rows with the columns and types of models/staging/analysis.yml. The files lie beside landing unless
    PARCOURS_ANALYSIS names another folder.
-#}
{% macro register_analysis() %}
    {% if not execute %}{% do return('') %}{% endif %}
    {% set folder = env_var('PARCOURS_ANALYSIS', env_var('PARCOURS_LANDING') ~ '/../analysis') | replace("'", "''")
        | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]') %}
    {% do run_query('create schema if not exists analysis') %}
    {% for source in graph.sources.values() | selectattr('source_name', 'equalto', 'analysis') %}
        {% set file = folder ~ "/" ~ source.name ~ ".parquet" %}
        {% set columns = [] %}
        {% for column in source.columns.values() %}
            {% do columns.append("cast(null as " ~ column.data_type ~ ") as " ~ column.name) %}
        {% endfor %}
        {% if run_query("select count(*) from glob('" ~ file ~ "')").rows[0][0] > 0 %}
            {% set rows = "select * from read_parquet('" ~ file ~ "')" %}
        {% else %}
            {% set rows = "select " ~ columns | join(", ") ~ " where false" %}
        {% endif %}
        {% do run_query("create or replace view analysis." ~ source.name ~ " as " ~ rows) %}
    {% endfor %}
{% endmacro %}
