-- Every customer and visitor, with the day of the first order.
with identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

customers as (
    select * from {{ ref('stg_crm__customers') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

persons as (
    select
        customer_key,
        bool_or(is_known) as is_known,
        min(identifier) filter (where identifier_type = 'crm') as customer_id
    from identifiers
    group by customer_key
),

purchases as (
    select
        customer_key,
        min(ordered_on) as first_purchase_on,
        max(ordered_on) as last_purchase_on,
        count(distinct ordered_on) as purchase_day_count
    from orders
    where is_purchase and customer_key is not null
    group by customer_key
),

final as (
    select
        persons.customer_key,
        persons.is_known,
        persons.customer_id,
        customers.country,
        customers.language,
        coalesce(customers.has_marketing_consent, false) as has_marketing_consent,
        customers.registered_at,
        purchases.first_purchase_on,
        purchases.last_purchase_on,
        coalesce(purchases.purchase_day_count, 0) as purchase_day_count
    from persons
    left join customers on persons.customer_id = customers.customer_id
    left join purchases on persons.customer_key = purchases.customer_key
)

select * from final
