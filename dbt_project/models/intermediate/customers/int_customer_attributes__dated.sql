-- What the CRM says of a customer, as of the day it said so. What it said first holds for all time before: nothing else
-- is known. Of a customer with several CRM numbers, the least one delivered speaks.
with versions as (
    select * from {{ ref('stg_crm__customer_versions') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
    where identifier_type = 'crm'
),

linked as (
    select
        identifiers.customer_key,
        versions.*
    from versions
    inner join identifiers on versions.customer_id = identifiers.identifier
    qualify versions.customer_id = min(versions.customer_id) over (partition by identifiers.customer_key)
),

cleaned as (
    select
        customer_key,
        delivered_on,
        account_id,
        coalesce({{ segment_name('customer_type') }}, 'unknown') as customer_type,
        coalesce({{ segment_name('region') }}, 'unknown') as region
    from linked
),

changes as (
    select *
    from cleaned
    window deliveries as (partition by customer_key order by delivered_on)
    qualify
        lag(delivered_on) over deliveries is null
        or lag(account_id) over deliveries is distinct from account_id
        or lag(customer_type) over deliveries <> customer_type
        or lag(region) over deliveries <> region
),

final as (
    select
        customer_key,
        account_id,
        customer_type,
        region,
        case when lag(delivered_on) over stays is null then date '0001-01-01' else delivered_on end as valid_from,
        coalesce(lead(delivered_on) over stays, date '9999-12-31') as valid_to
    from changes
    window stays as (partition by customer_key order by delivered_on)
)

select * from final
