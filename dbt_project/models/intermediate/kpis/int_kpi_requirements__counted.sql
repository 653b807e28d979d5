-- Whether the columns that the KPIs of service, delivery, engagement and loyalty need hold anything in what was delivered.
with contacts as (
    select * from {{ ref('stg_crm__interactions') }}
),

feedback as (
    select * from {{ ref('stg_surveys__feedback') }}
),

deliveries as (
    select * from {{ ref('stg_crm__deliveries') }}
),

returns as (
    select * from {{ ref('stg_crm__returns') }}
),

messages as (
    select * from {{ ref('stg_crm__messages') }}
),

customers as (
    select * from {{ ref('stg_crm__customers') }}
),

movements as (
    select * from {{ ref('stg_crm__loyalty_events') }}
),

events as (
    select * replace (nullif(device, 'unknown') as device) from {{ ref('stg_web__events') }}
),

unit_costs as (
    select * from {{ ref('service_costs') }}
),

final as (
    {{ filled_columns('interactions', 'contacts', [
        'first_response_at', 'acknowledged_at', 'closed_at', 'handling_seconds', 'waiting_seconds', 'is_abandoned',
        'is_complaint', 'support_tier'
    ]) }}
    union all
    {{ filled_columns('feedback', 'feedback', ['rating', 'replied_at']) }}
    union all
    {{ filled_columns('deliveries', 'deliveries', ['promised_on', 'delivered_at', 'delay_announced_at']) }}
    union all
    {{ filled_columns('returns', 'returns', ['refunded_at']) }}
    union all
    {{ filled_columns('messages', 'messages', [
        'delivered_at', 'opened_at', 'clicked_at', 'purpose', 'is_personalised'
    ]) }}
    union all
    {{ filled_columns('customers', 'customers', ['has_marketing_consent']) }}
    union all
    {{ filled_columns('loyalty_events', 'movements', ['points', 'tier']) }}
    union all
    {{ filled_columns('web_events', 'events', ['search_result_count', 'device']) }}
    union all
    {{ filled_columns('service_costs', 'unit_costs', ['unit_cost_amount']) }}
)

select * from final
