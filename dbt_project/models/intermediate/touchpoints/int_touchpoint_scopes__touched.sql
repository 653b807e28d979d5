-- Whose touchpoints a run looks at anew, where it does not make all anew. An order is another touchpoint too when the site
-- saw its purchase, or a return tells of its refund. Contacts are looked at by case, before and now. Small sources are
-- looked at whole.
{%- set model_name = 'int_touchpoints__sessionized' %}
{%- set tables = {
    'web_events': 'stg_web__events', 'messages': 'stg_crm__messages', 'deliveries': 'stg_crm__deliveries',
    'interactions': 'stg_crm__interactions', 'loyalty_events': 'stg_crm__loyalty_events', 'returns': 'stg_crm__returns'
} %}
{%- set followed = {
    'identifiers': 'int_identifiers__resolved', 'orders': 'int_orders__converted', 'customers': 'int_customers__unified'
} %}
{%- do built_after((tables.values() | list) + (followed.values() | list)) %}
{% if is_refreshing(model_name) -%}
with kept as (
    select * from {{ kept_relation(model_name) }}
),

{% for cte, table in tables.items() -%}
{{ cte }} as (
    select * from {{ kept_relation(table) }}
),

{% endfor -%}
{%- for cte, model in followed.items() -%}
{{ cte }} as (
    select * from {{ last_changes(model) }}
),

{% endfor -%}
visitors as (
    {{ looked_at(
        'web_events', 'web_events', "coalesce(anonymous_id, '')", kept_key="coalesce(anonymous_id, '')",
        times=['occurred_at'], identifiers={'anonymous': 'anonymous_id', 'crm': 'user_id'}, by_order=true
    ) }}
),

sent as (
    {{ looked_at(
        'messages', 'messages', 'message_id', times=['sent_at', 'opened_at', 'clicked_at', 'unsubscribed_at'],
        identifiers={'crm': 'customer_id', 'email': 'email_hash'}
    ) }}
),

parcels as (
    {{ looked_at(
        'deliveries', 'deliveries', 'delivery_id', by_order=true,
        times=['shipped_at', 'delay_announced_at', 'delivered_at', business_midnight('promised_on + 1')]
    ) }}
),

movements as (
    {{ looked_at(
        'loyalty_events', 'loyalty_events', 'loyalty_event_id', times=['occurred_at'],
        identifiers={'crm': 'customer_id', 'loyalty': 'loyalty_id'}
    ) }}
),

contacts as (
    {{ looked_at(
        'interactions', 'interactions', 'interaction_id', by_order=true,
        times=['opened_at + to_seconds(coalesce(waiting_seconds, 0))', 'first_response_at', 'closed_at'],
        identifiers={'crm': 'customer_id', 'email': 'email_hash', 'phone': 'phone_hash'}
    ) }}
),

cases as (
    select coalesce(case_id, interaction_id) as scope_key
    from interactions
    where interaction_id in (select scope_key from contacts)
    union
    select case_id as scope_key
    from kept
    where source_table = 'interactions' and source_row_id in (select scope_key from contacts)
),

sales as (
    {{ orders_looked_at() }}
),

final as (
    {%- for source, cte in {
        'web_events': 'visitors', 'messages': 'sent', 'deliveries': 'parcels', 'loyalty_events': 'movements',
        'interactions': 'cases', 'orders': 'sales'
    }.items() %}
    select
        '{{ source }}' as source_table,
        scope_key
    from {{ cte }}
    union all
    {%- endfor %}
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
