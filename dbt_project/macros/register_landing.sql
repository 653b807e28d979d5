{#-
    Makes schema `landing`: one view per table over its Parquet files, cut at the as-of date, and one per table of
    facts about landing. A table that was never delivered is the zero-row file of its contract, found by the same glob; a
    fact whose columns are declared has no row until a run writes it.
-#}
{% macro register_landing() %}
    {% if not execute %}{% do return('') %}{% endif %}
    {#- marks of patterns in the path of a home are only marks -#}
    {% set folder = env_var('PARCOURS_LANDING') | replace("'", "''")
        | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]') %}
    {% do run_query('create schema if not exists landing') %}
    {% for source in graph.sources.values() | selectattr('source_name', 'equalto', 'landing') %}
        {% if source.meta.get('is_fact') %}
            {% set file = folder ~ "/_facts/" ~ source.name ~ ".parquet" %}
            {% set columns = [] %}
            {% for column in source.columns.values() %}
                {% do columns.append("cast(null as " ~ column.data_type ~ ") as " ~ column.name) %}
            {% endfor %}
            {% if columns and run_query("select count(*) from glob('" ~ file ~ "')").rows[0][0] == 0 %}
                {% set rows = "select " ~ columns | join(", ") ~ " where false" %}
            {% else %}
                {% set rows = "select * from read_parquet('" ~ file ~ "')" %}
            {% endif %}
            {% do run_query("create or replace view landing." ~ source.name ~ " as " ~ rows) %}
        {% endif %}
    {% endfor %}
    {#- as constants: a scan for few rows passes over the others only where nothing else stands between -#}
    {% set as_of = run_query("select max(as_of_date), max(as_of_at) from landing.run_parameters").rows[0] %}
    {% set as_of_date = "date '" ~ as_of[0] ~ "'" if as_of[0] else 'cast(null as date)' %}
    {% set as_of_at = "timestamp '" ~ as_of[1] ~ "'" if as_of[1] else 'cast(null as timestamp)' %}
    {% for source in graph.sources.values() | selectattr('source_name', 'equalto', 'landing') %}
        {% if not source.meta.get('is_fact') %}
            {% do run_query(
                "create or replace view landing." ~ source.name ~ " as select * from read_parquet('"
                ~ folder ~ "/" ~ source.name ~ "/*/data.parquet', union_by_name = true, hive_partitioning = false)"
                ~ " where _extract_date <= " ~ as_of_date
                ~ " and (_event_at is null or _event_at < " ~ as_of_at ~ ")"
            ) %}
        {% endif %}
    {% endfor %}
{% endmacro %}
