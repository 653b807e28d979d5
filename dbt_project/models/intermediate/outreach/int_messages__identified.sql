-- Messages with the customer they went to and whether that customer agreed to marketing. Of several CRM entries of one
-- customer all must agree.
with messages as (
    select * from {{ ref('stg_crm__messages') }}
),

customers as (
    select * from {{ ref('stg_crm__customers') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

consents as (
    select
        identifiers.customer_key,
        bool_and(coalesce(customers.has_marketing_consent, false)) as has_marketing_consent
    from customers
    inner join identifiers
        on identifiers.identifier_type = 'crm' and customers.customer_id = identifiers.identifier
    group by identifiers.customer_key
),

addressed as (
    select
        messages.*,
        coalesce(crm_ids.customer_key, addresses.customer_key) as customer_key
    from messages
    left join identifiers as crm_ids
        on crm_ids.identifier_type = 'crm' and messages.customer_id = crm_ids.identifier
    left join identifiers as addresses
        on addresses.identifier_type = 'email' and messages.email_hash = addresses.identifier
),

final as (
    select
        {{ surrogate_key(["'message'", 'addressed.message_id']) }} as message_key,
        addressed.customer_key,
        coalesce(addressed.customer_key, addressed.email_hash, {{ surrogate_key(["'addressee'", 'addressed.message_id']) }})
            as person_key,
        coalesce(consents.has_marketing_consent, false) as has_marketing_consent,
        addressed.sent_at,
        addressed.sent_on,
        addressed.channel,
        addressed.purpose,
        addressed.is_personalised,
        addressed.delivered_at,
        addressed.delivered_on,
        addressed.opened_at,
        addressed.clicked_at
    from addressed
    left join consents on addressed.customer_key = consents.customer_key
)

select * from final
