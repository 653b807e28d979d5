{#-
    Rows of a source a run looks at anew: those in extract days that changed; those that tell of a time the run before did
    not reach; those of identifiers and orders that belong to somebody else now; and whatever touchpoints they were
    that came from such a day, or from somebody whose account is another. Reads `identifiers`, `orders`, `customers`
    (what changed) and `kept` (the touchpoints as they were). `key` says it of the source, `kept_key` of touchpoints.
-#}
{% macro looked_at(source_table, relation, key, kept_key='source_row_id', times=[], identifiers={}, by_order=false) -%}
    {%- set name = 'int_touchpoints__sessionized' -%}
    select {{ key }} as scope_key
    from {{ relation }}
    where
        extract_date in {{ changed_days(source_table, name) }}
        or greatest({{ times | join(', ') }}) >= timestamp '{{ refreshing(name).before_at }}'
        {%- for kind, column in identifiers.items() %}
            or {{ column }} in (select identifier from identifiers where identifier_type = '{{ kind }}')
        {%- endfor %}
        {%- if by_order %}
            or order_id in (select order_id from orders)
        {%- endif %}
    union
    select {{ kept_key }} as scope_key
    from kept
    where
        source_table = '{{ source_table }}'
        and (
            extract_date in {{ changed_days(source_table, name) }}
            or customer_key in (select customer_key from customers)
        )
{%- endmacro %}

{#-
    Orders a run looks at anew: those that changed, whose purchase the site saw then or now, or of whose refund a return
    tells. Reads what `looked_at` reads, `visitors`, `web_events` and `returns`.
-#}
{% macro orders_looked_at() -%}
    {%- set model_name = 'int_touchpoints__sessionized' -%}
    with named_orders as (
        select order_id from orders
        union
        select order_id from web_events
        where
            order_id is not null
            and coalesce(anonymous_id, '') in (select scope_key from visitors)
        union
        select order_id from kept
        where
            source_table = 'web_events' and order_id is not null
            and extract_date in {{ changed_days('web_events', model_name) }}
        union
        select order_id from returns
        where
            extract_date in {{ changed_days('returns', model_name) }}
            or requested_at >= timestamp '{{ refreshing(model_name).before_at }}'
        union
        select order_id from kept
        where source_table = 'returns' and extract_date in {{ changed_days('returns', model_name) }}
    )

    select order_id as scope_key
    from {{ kept_relation('int_orders__converted') }}
    where
        order_id in (select order_id from named_orders)
        or refunded_order_id in (select order_id from named_orders)
    union
    select source_row_id as scope_key
    from kept
    where
        source_table = 'orders'
        and (
            source_row_id in (select order_id from orders)
            or customer_key in (select customer_key from customers)
        )
{%- endmacro %}
