-- Whose touchpoints a run looks at anew, where it does not make all anew. An order is another touchpoint too when the site
-- saw its purchase, or a return tells of its refund. Contacts are looked at by case, before and now. An event without a
-- browser is looked at alone, and a contract with the one it renews.
{%- set model_name = 'int_touchpoints__sessionized' %}
{%- do built_after([
    'int_identifiers__resolved', 'int_orders__converted', 'int_customers__unified'
]) %}
{% if is_refreshing(model_name) -%}
with kept as not materialized (
    select * from {{ kept_relation(model_name) }}
),

identifiers as materialized (
    {{ changed_identifiers() }}
),

orders as materialized (
    select distinct order_id from {{ last_changes('int_orders__converted') }}
),

moved as materialized (
    {{ moved_customers() }}
),

-- whose customer or account may be another, and what belongs to orders that changed
others as materialized (
    {{ kept_of('customer_key', 'moved') }}
    union all
    {{ kept_of('order_id', 'orders') }}
),

visitors as (
    {{ landed_looked_at('web_events', 'anonymous_id', ['occurred_at'], rows='anonymous_id is not null') }}
    union all
    select identifier as scope_key from identifiers
    where identifier_type = 'anonymous'
    union all
    {{ kept_looked_at('web_events', 'anonymous_id', 'anonymous_id is not null') }}
),

lone_events as (
    {{ landed_looked_at('web_events', '_key_hash', ['occurred_at'], rows='anonymous_id is null') }}
    union all
    {{ kept_looked_at('web_events', 'touchpoint_key', 'anonymous_id is null') }}
),

contacts as materialized (
    {{ looked_at('interactions', **case_source()) }}
),

cases as (
    select coalesce(case_id, interaction_id) as scope_key
    from landing.interactions
    where interaction_id in (select scope_key from contacts)
    union all
    select case_id as scope_key
    from kept
    where source_table = 'interactions' and source_row_id in (select scope_key from contacts)
),

signed as materialized (
    {{ looked_at(
        'contracts', 'contract_id', ['signed_at'],
        days=['starts_on', 'ends_on', 'ends_on + 1', 'cancelled_on', 'ends_on - ' ~ var('renewal_notice_days')]
    ) }}
    union all
    select scope_key from others
    where source_table = 'contracts'
),

agreements as (
    select scope_key from signed
    union all
    select renews_contract_id as scope_key
    from landing.contracts
    where renews_contract_id is not null and contract_id in (select scope_key from signed)
),

sales as (
    {{ orders_looked_at() }}
),

scopes as (
    {%- for source, cte in {
        'web_events': 'visitors', 'lone_events': 'lone_events', 'interactions': 'cases', 'contracts': 'agreements',
        'orders': 'sales'
    }.items() %}
    select
        '{{ source }}' as source_table,
        scope_key
    from {{ cte }}
    union
    {%- endfor %}
    select * from others
    union
    {%- for source, rows in single_sources().items() %}
    select
        '{{ source }}' as source_table,
        scope_key
    from ({{ looked_at(source, **rows) }})
    {{- ' union' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        *,
        {{ number_of(['source_table', 'scope_key']) }} as scope_number
    from scopes
)

select * from final
{%- else -%}
    select
        cast(null as varchar) as source_table,
        cast(null as varchar) as scope_key,
        cast(null as ubigint) as scope_number
    where false
{%- endif %}
