-- What the CRM says of each customer, its accounts taken together: the account opened first speaks, the next ones where it
-- is silent. Marketing is allowed only if no account refuses it.
{{ config(materialized='refreshed', meta={'key': ['customer_key']}) }}
with identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
    where identifier_type = 'crm'
),

customers as (
    select * from {{ ref('stg_crm__customers') }}
),

accounts as (
    select
        identifiers.customer_key,
        identifiers.identifier as customer_id,
        customers.* exclude (customer_id),
        row_number() over (
            partition by identifiers.customer_key
            order by customers.registered_at nulls last, customers.customer_id nulls last, identifiers.identifier
        ) as account_rank
    from identifiers
    left join customers on identifiers.identifier = customers.customer_id
),

final as (
    select
        customer_key,
        arg_min(customer_id, account_rank) as customer_id,
        count(*) as account_count,
        arg_min(loyalty_id, account_rank) filter (where loyalty_id is not null) as loyalty_id,
        arg_min(account_id, account_rank) filter (where account_id is not null) as account_id,
        arg_min(customer_type, account_rank) filter (where customer_type is not null) as customer_type,
        arg_min(region, account_rank) filter (where region is not null) as region,
        arg_min(country, account_rank) filter (where country is not null) as country,
        arg_min(acquisition_channel, account_rank) filter (where acquisition_channel is not null) as acquisition_channel,
        arg_min(language, account_rank) filter (where language is not null) as language,
        bool_and(has_marketing_consent) as has_marketing_consent,
        min(registered_at) as registered_at
    from accounts
    group by customer_key
)

select * from final
