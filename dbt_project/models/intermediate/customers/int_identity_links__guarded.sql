-- The links after the guard of customers: an address, number or browser of more customers than its kind may have ties
-- nobody. Accounts of one card are one customer, and a bare account is none of its own beside another.
with links as (
    select * from {{ ref('int_identity_links__screened') }}
),

accounts as (
    select * from {{ ref('int_identity_accounts__grouped') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__collected') }}
),

types as (
    select * from {{ ref('identity_identifier_types') }}
),

claims as (
    select
        links.to_node as node_number,
        accounts.account_number,
        accounts.is_bare
    from links
    inner join accounts on links.from_node = accounts.node_number
    where links.refusal_reason is null and starts_with(links.link_kind, 'crm_')
    group by all
),

contested as (
    select claims.node_number
    from claims
    inner join identifiers on claims.node_number = identifiers.node_number
    inner join types on identifiers.identifier_type = types.identifier_type
    group by claims.node_number
    having count(*) filter (where not claims.is_bare) > max(types.customers_maximum)
),

final as (
    select
        links.* replace (
            case
                when links.refusal_reason is not null or links.link_kind = 'merge' then links.refusal_reason
                when contested_to.node_number is not null or contested_from.node_number is not null
                    then 'several_customers'
            end as refusal_reason
        )
    from links
    left join contested as contested_to on links.to_node = contested_to.node_number
    left join contested as contested_from on links.from_node = contested_from.node_number
)

select * from final
