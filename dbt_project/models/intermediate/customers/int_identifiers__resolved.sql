-- Which customer an identifier belongs to. A browser that logged in as exactly one customer is that customer's, before
-- and after; one that logged in as several stays its own visitor, and only its logged-in events are the customers'.
-- An e-mail address that several customers share identifies none of them.
with customers as (
    select * from {{ ref('stg_crm__customers') }}
),

events as (
    select * from {{ ref('stg_web__events') }}
),

orders as (
    select * from {{ ref('stg_crm__orders') }}
),

responses as (
    select * from {{ ref('stg_surveys__responses') }}
),

crm_ids as (
    select customer_id from customers
    union
    select customer_id from orders where customer_id is not null
    union
    select user_id as customer_id from events where user_id is not null
    union
    select customer_id from responses where customer_id is not null
),

browsers as (
    select
        anonymous_id,
        count(distinct user_id) as customer_count,
        min(user_id) as customer_id
    from events
    group by all
),

addresses as (
    select
        email_hash,
        min(customer_id) as customer_id
    from customers
    where email_hash is not null
    group by all
    having count(*) = 1
),

final as (
    select
        'crm' as identifier_type,
        customer_id as identifier,
        {{ surrogate_key(["'crm'", 'customer_id']) }} as customer_key,
        true as is_known
    from crm_ids
    union all
    select
        'anonymous' as identifier_type,
        anonymous_id as identifier,
        case
            when customer_count = 1 then {{ surrogate_key(["'crm'", 'customer_id']) }}
            else {{ surrogate_key(["'anonymous'", 'anonymous_id']) }}
        end as customer_key,
        customer_count = 1 as is_known
    from browsers
    union all
    select
        'email' as identifier_type,
        email_hash as identifier,
        {{ surrogate_key(["'crm'", 'customer_id']) }} as customer_key,
        true as is_known
    from addresses
)

select * from final
