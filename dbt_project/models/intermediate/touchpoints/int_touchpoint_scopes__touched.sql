-- Whose touchpoints a run looks at anew, where it does not make all anew: visitors and messages in extract days that
-- changed, or told of for later than the run before knew; those whose identifiers, orders or accounts changed; and of
-- the other sources, which are small, all.
{%- set model_name = 'int_touchpoints__sessionized' %}
{%- do built_after([
    'stg_web__events', 'stg_crm__messages', 'int_identifiers__resolved', 'int_orders__converted', 'int_customers__unified'
]) %}
{% if is_refreshing(model_name) -%}
    {%- set before_at = "timestamp '" ~ refreshing(model_name).before_at ~ "'" -%}
with web_events as (
    select * from {{ ref('stg_web__events') }}
),

messages as (
    select * from {{ ref('stg_crm__messages') }}
),

kept as (
    select * from {{ kept_relation(model_name) }}
),

identifiers as (
    select distinct
        identifier_type,
        identifier
    from {{ last_changes('int_identifiers__resolved') }}
),

orders as (
    select distinct order_id from {{ last_changes('int_orders__converted') }}
),

customers as (
    select distinct customer_key from {{ last_changes('int_customers__unified') }}
),

visitors as (
    select coalesce(anonymous_id, '') as scope_key
    from web_events
    where
        extract_date in {{ changed_days('web_events', model_name) }}
        or occurred_at >= {{ before_at }}
        or anonymous_id in (select identifier from identifiers where identifier_type = 'anonymous')
        or user_id in (select identifier from identifiers where identifier_type = 'crm')
        or order_id in (select order_id from orders)
    union
    select coalesce(anonymous_id, '') as scope_key
    from kept
    where
        source_table = 'web_events'
        and (
            extract_date in {{ changed_days('web_events', model_name) }}
            or customer_key in (select customer_key from customers)
        )
),

sent as (
    select message_id as scope_key
    from messages
    where
        extract_date in {{ changed_days('messages', model_name) }}
        or greatest(sent_at, opened_at, clicked_at, unsubscribed_at) >= {{ before_at }}
        or customer_id in (select identifier from identifiers where identifier_type = 'crm')
        or email_hash in (select identifier from identifiers where identifier_type = 'email')
    union
    select source_row_id as scope_key
    from kept
    where
        source_table = 'messages'
        and (
            extract_date in {{ changed_days('messages', model_name) }}
            or customer_key in (select customer_key from customers)
        )
),

final as (
    select
        'web_events' as source_table,
        scope_key
    from visitors
    union all
    select
        'messages' as source_table,
        scope_key
    from sent
    union all
    select
        'others' as source_table,
        '' as scope_key
)

select * from final
{%- else -%}
    select
        cast(null as varchar) as source_table,
        cast(null as varchar) as scope_key
    where false
{%- endif %}
