{#-
    Which touchpoints a run looks at anew. Whatever a row was the last time stands in `kept`, with its customer: of an
    identifier that is another's now, those who held it before are looked up there. Landed rows are read of changed days,
    by the time they tell of, and by identifiers that were nobody's before. Rows are looked for one condition at a time:
    a scan for one small set passes over whatever holds none of it.
-#}

{#-
    A condition that a row of a source, or a touchpoint of it, came in a changed day. Where such a day was there before, it
    is all of the source: of several versions of a row the latest counts, so that of a row which left no touchpoint, or of
    one whose touchpoints do not tell their day, nothing says that an older version is the latest now. Events have no versions.
-#}
{% macro came_in_changed_days(column, source_table) -%}
    {%- set name = 'int_touchpoints__sessionized' -%}
    {%- if source_table in changed_days(name).rewritten and source_table != 'web_events' -%}
        true
    {%- elif source_table in undated_sources() and column != '_extract_date' -%}
        false
    {%- else -%}
        {{ in_changed_days(column, source_table, name) }}
    {%- endif -%}
{%- endmacro %}

{#-
    Rows of a source that came in changed days, that tell of a time the run before did not reach (`times`; `days`, at a
    midnight of which they tell of something), or that carry an identifier nobody had. Versions of a row that are not the
    latest count too. `rows` says which. Reads `identifiers`.
-#}
{% macro landed_looked_at(source_table, key, times, identifiers={}, rows='true', days=[]) -%}
    {%- set before = "timestamp '" ~ refreshing('int_touchpoints__sessionized').before_at ~ "'" -%}
    {%- set conditions = [came_in_changed_days('_extract_date', source_table)] -%}
    {%- set told = [] -%}
    {%- for time in times %}{% do told.append(time ~ ' >= ' ~ before) %}{% endfor -%}
    {#- a midnight is within a day of the date, wherever it is -#}
    {%- for day in days -%}
        {%- do told.append(
            day ~ ' + 1 >= ' ~ before ~ ' and ' ~ day ~ ' - 1 < (select as_of_at from landing.run_parameters)'
        ) -%}
    {%- endfor -%}
    {%- do conditions.append('(' ~ told | join(' or ') ~ ')') -%}
    {%- for kind, column in identifiers.items() -%}
        {%- do conditions.append(
            column ~ " in (select identifier from identifiers where identifier_type = '" ~ kind ~ "' and customer_key is null)"
        ) -%}
    {%- endfor -%}
    {%- for condition in conditions %}
    select {{ key }} as scope_key
    from landing.{{ source_table }}
    where {{ rows }} and {{ condition }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Touchpoints of a source as they were that came in changed days; `rows` says which. Reads `kept`. -#}
{% macro kept_looked_at(source_table, key='source_row_id', rows='true') -%}
    select {{ key }} as scope_key
    from kept
    where source_table = '{{ source_table }}' and {{ rows }} and {{ came_in_changed_days('extract_date', source_table) }}
{%- endmacro %}

{#- Rows of a source a run looks at, landed and kept, where each stands for itself. -#}
{% macro looked_at(source_table, key, times, identifiers={}, days=[]) -%}
    {{ landed_looked_at(source_table, key, times, identifiers, days=days) }}
    union all
    {{ kept_looked_at(source_table) }}
{%- endmacro %}

{#-
    Orders a run looks at anew: those that changed, whose purchase the site saw then or now, or of whose refund a return
    tells; and those whose account is another. Reads what the others read.
-#}
{% macro orders_looked_at() -%}
    with named_orders as (
        select order_id from orders
        {%- for source_table in ('web_events', 'returns') %}
        union
        {%- set time = 'occurred_at' if source_table == 'web_events' else 'requested_at' %}
        select scope_key as order_id from ({{ landed_looked_at(source_table, 'order_id', [time]) }})
        where scope_key is not null
        union
        select order_id from kept
        where source_table = '{{ source_table }}' and {{ came_in_changed_days('extract_date', source_table) }}
        {%- endfor %}
    )

    select order_id as scope_key from orders
    union all
    select order_id as scope_key
    from {{ kept_relation('int_orders__converted') }}
    where order_id in (select order_id from named_orders)
    union all
    select order_id as scope_key
    from {{ kept_relation('int_orders__converted') }}
    where refunded_order_id in (select order_id from named_orders)
    union all
    {{ kept_looked_at('orders') }}
{%- endmacro %}
