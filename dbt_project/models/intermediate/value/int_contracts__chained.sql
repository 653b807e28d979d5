-- Contracts in the reporting currency, with their customer, the first contract of their chain of renewals and their place
-- in it. Contracts that renew each other in a circle begin with the least of their ids: none is lost.
with recursive contracts as (
    select * from {{ ref('stg_crm__contracts') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

rates as (
    select * from {{ ref('stg_reference__fx_rates') }}
),

rate_periods as (
    {{ rate_periods('rates') }}
),

-- what can be reached from a contract that renews none delivered
begun as (
    select contract_id
    from contracts
    where renews_contract_id is null or renews_contract_id not in (select contract_id from contracts)
    union
    select contracts.contract_id
    from contracts
    inner join begun on contracts.renews_contract_id = begun.contract_id
),

-- what is left goes round in a circle, or comes from one
walks as (
    select
        contract_id,
        renews_contract_id as earlier_contract_id
    from contracts
    where contract_id not in (select contract_id from begun)
    union
    select
        walks.contract_id,
        contracts.renews_contract_id as earlier_contract_id
    from walks
    inner join contracts on walks.earlier_contract_id = contracts.contract_id
),

firsts as (
    select contract_id
    from contracts
    where renews_contract_id is null or renews_contract_id not in (select contract_id from contracts)
    union all
    select contract_id
    from walks
    group by contract_id
    having contract_id = min(earlier_contract_id)
),

links as (
    select
        contract_id,
        contract_id as first_contract_id,
        1 as place
    from firsts
    union all
    select
        contracts.contract_id,
        links.first_contract_id,
        links.place + 1 as place
    from contracts
    inner join links on contracts.renews_contract_id = links.contract_id
    where contracts.contract_id not in (select contract_id from firsts)
),

final as (
    select
        contracts.contract_id,
        links.first_contract_id,
        cast(links.place as integer) as place,
        identifiers.customer_key,
        contracts.plan,
        contracts.starts_on,
        contracts.ends_on,
        contracts.cancelled_on,
        contracts.renews_contract_id,
        coalesce(cast(contracts.annual_amount * rate_periods.rate as decimal(18, 4)), 0) as annual_amount
    from contracts
    inner join links on contracts.contract_id = links.contract_id
    inner join rate_periods
        on
            contracts.currency = rate_periods.currency
            and {{ business_date('contracts.signed_at') }} >= rate_periods.valid_from
            and {{ business_date('contracts.signed_at') }} < rate_periods.valid_to
    left join identifiers
        on identifiers.identifier_type = 'crm' and contracts.customer_id = identifiers.identifier
)

select * from final
