-- Every customer and visitor, with the sources it was met in and the day of the first order.
with identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

customers as (
    select * from {{ ref('int_customers__unified') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

persons as (
    select
        customer_key,
        bool_or(is_known) as is_known,
        cast(bool_or(is_in_crm) as bigint)
        + cast(bool_or(is_in_web) as bigint)
        + cast(bool_or(is_in_surveys) as bigint) as source_count
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
        customers.customer_id,
        coalesce(customers.account_count, 0) as account_count,
        persons.source_count,
        customers.country,
        customers.language,
        coalesce(customers.has_marketing_consent, false) as has_marketing_consent,
        customers.registered_at,
        purchases.first_purchase_on,
        purchases.last_purchase_on,
        coalesce(purchases.purchase_day_count, 0) as purchase_day_count
    from persons
    left join customers on persons.customer_key = customers.customer_key
    left join purchases on persons.customer_key = purchases.customer_key
)

select * from final
