-- One conformed event over web, orders and surveys. A web purchase whose order the CRM ties to a customer only confirms it;
-- any other is the order itself. Events without a mapping keep their place with touchpoint `unmapped`.
with events as (
    select * from {{ ref('stg_web__events') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

responses as (
    select * from {{ ref('stg_surveys__responses') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

mappings as (
    select * from {{ ref('touchpoint_mappings') }}
),

web as (
    select
        {{ surrogate_key(["'web_events'", 'events.event_key']) }} as touchpoint_key,
        'web_events' as source_table,
        case
            when events.event_name = 'search' and events.search_result_count = 0 then 'search_without_result'
            when events.event_name = 'purchase' and orders.customer_key is not null then 'purchase_of_known_order'
            else events.event_name
        end as source_value,
        coalesce(user_ids.customer_key, browsers.customer_key) as customer_key,
        coalesce(user_ids.is_known, browsers.is_known) as is_known,
        events.anonymous_id,
        events.occurred_at,
        events.device,
        events.traffic_channel,
        events.page_path,
        events.search_result_count
    from events
    left join identifiers as user_ids
        on user_ids.identifier_type = 'crm' and events.user_id = user_ids.identifier
    left join identifiers as browsers
        on browsers.identifier_type = 'anonymous' and events.anonymous_id = browsers.identifier
    left join orders on events.order_id = orders.order_id
),

crm as (
    select
        {{ surrogate_key(["'orders'", 'order_id']) }} as touchpoint_key,
        'orders' as source_table,
        order_type as source_value,
        customer_key,
        true as is_known,
        ordered_at as occurred_at
    from orders
    where is_sale and customer_key is not null
),

surveys as (
    select
        {{ surrogate_key(["'survey_responses'", 'responses.answer_key']) }} as touchpoint_key,
        'survey_responses' as source_table,
        case
            when responses.measure = 'nps' and responses.score >= responses.promoter_min then 'promoter'
            else 'answered'
        end as source_value,
        coalesce(crm_ids.customer_key, addresses.customer_key) as customer_key,
        true as is_known,
        responses.answered_at as occurred_at
    from responses
    left join identifiers as crm_ids
        on crm_ids.identifier_type = 'crm' and responses.customer_id = crm_ids.identifier
    left join identifiers as addresses
        on addresses.identifier_type = 'email' and responses.email_hash = addresses.identifier
    where
        responses.answered_at is not null
        and responses.score is not null
        and coalesce(crm_ids.customer_key, addresses.customer_key) is not null
),

unioned as (
    select * from web
    union all by name
    select * from crm
    union all by name
    select * from surveys
),

final as (
    select
        unioned.touchpoint_key,
        unioned.source_table,
        unioned.source_value,
        coalesce(mappings.touchpoint, 'unmapped') as touchpoint,
        unioned.customer_key,
        unioned.is_known,
        unioned.anonymous_id,
        unioned.occurred_at,
        {{ business_date('unioned.occurred_at') }} as occurred_on,
        unioned.device,
        unioned.traffic_channel,
        unioned.page_path,
        unioned.search_result_count
    from unioned
    left join mappings
        on unioned.source_table = mappings.source_table and unioned.source_value = mappings.source_value
)

select * from final
