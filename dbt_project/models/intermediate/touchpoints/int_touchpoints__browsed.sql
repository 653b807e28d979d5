-- Touchpoints on the site and in the app. A purchase whose order the CRM ties to a customer only confirms it; any other
-- is the order itself. An event is the customer's who is logged in, else the one's whose browser it is.
{{ config(materialized='view') }}
with events as (
    select * from {{ ref('int_web_events__touched') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
    where customer_key is not null
),

identifiers as not materialized (
    select * from {{ ref('int_identifiers__resolved') }}
),

final as (
    select
        events.event_key as touchpoint_key,
        'web_events' as source_table,
        case
            when events.event_name = 'search' and events.search_result_count = 0 then 'search_without_result'
            when events.event_name = 'purchase' and orders.order_id is not null then 'purchase_of_known_order'
            else events.event_name
        end as source_value,
        coalesce(events.event_id, events.event_key) as source_row_id,  -- an export may number no events
        {{ identified_by(['crm', 'anonymous']) }},
        events.anonymous_id,
        events.occurred_at,
        case when events.device = 'app' then 'app' else 'web' end as channel,
        events.device,
        events.traffic_channel,
        events.campaign_id,
        events.referrer,
        events.page_path,
        events.search_result_count,
        events.order_id,
        events.form_id,
        events.extract_date
    from events
    left join orders on events.order_id = orders.order_id
    {{ join_identifiers('events', {'crm': 'user_id', 'anonymous': 'anonymous_id'}) }}
)

select * from final
