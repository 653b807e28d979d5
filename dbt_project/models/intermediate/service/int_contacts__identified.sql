-- Support contacts with their customer and case. The customer is who the agent found, else who wrote or called, else who
-- placed the order it is about; a contact that names no case is a case of its own.
with contacts as (
    select * from {{ ref('stg_crm__interactions') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

joined as (
    select
        contacts.*,
        orders.person_key as order_person_key,
        coalesce(
            crm_ids.customer_key, addresses.customer_key, phones.customer_key, orders.customer_key
        ) as customer_key
    from contacts
    left join identifiers as crm_ids
        on crm_ids.identifier_type = 'crm' and contacts.customer_id = crm_ids.identifier
    left join identifiers as addresses
        on addresses.identifier_type = 'email' and contacts.email_hash = addresses.identifier
    left join identifiers as phones
        on phones.identifier_type = 'phone' and contacts.phone_hash = phones.identifier
    left join orders on contacts.order_id = orders.order_id
),

final as (
    select
        {{ surrogate_key(["'contact'", 'interaction_id']) }} as contact_key,
        case
            when case_id is not null then {{ surrogate_key(["'case'", 'case_id']) }}
            else {{ surrogate_key(["'case of a contact'", 'interaction_id']) }}
        end as case_key,
        customer_key,
        coalesce(customer_key, order_person_key, {{ surrogate_key(["'caller'", 'interaction_id']) }}) as person_key,
        customer_key is not null or order_person_key is not null as is_known_person,
        case_id is not null as has_case,
        opened_at,
        opened_on,
        channel,
        lower(trim(topic)) as topic,
        direction <> 'outbound' as is_inbound,
        coalesce(is_automatic, channel = 'chatbot') as is_automatic,
        coalesce(is_abandoned, false) as is_abandoned,
        coalesce(is_complaint, false) as is_complaint,
        order_id,
        least(acknowledged_at, first_response_at) as acknowledged_at,
        first_response_at,
        closed_at,
        closed_on,
        handling_seconds,
        waiting_seconds,
        support_tier
    from joined
)

select * from final
