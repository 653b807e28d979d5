-- Reviews, mentions and reports with the customer they come from: who is named, else who placed the order.
with feedback as (
    select * from {{ ref('stg_surveys__feedback') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

final as (
    select
        {{ surrogate_key(["'feedback'", 'feedback.feedback_id']) }} as review_key,
        coalesce(crm_ids.customer_key, orders.customer_key) as customer_key,
        coalesce(
            crm_ids.customer_key, orders.person_key, {{ surrogate_key(["'reviewer'", 'feedback.feedback_id']) }}
        ) as person_key,
        feedback.published_at,
        feedback.published_on,
        feedback.platform,
        feedback.rating,
        feedback.replied_at
    from feedback
    left join identifiers as crm_ids
        on crm_ids.identifier_type = 'crm' and feedback.customer_id = crm_ids.identifier
    left join orders on feedback.order_id = orders.order_id
)

select * from final
