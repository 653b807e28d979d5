-- CRM accounts that one loyalty card, or a decision by hand, makes one. Bare is what has nothing of its own: one registered
-- address or number, no card, no browser, no company: an account as shops open it for somebody they did not recognise.
with recursive identifiers as (
    select * from {{ ref('int_identifiers__collected') }}
),

links as (
    select * from {{ ref('int_identity_links__screened') }}
),

customers as (
    select * from {{ ref('stg_crm__customers') }}
),

certain_links as (
    select
        from_node,
        to_node
    from links
    where refusal_reason is null and link_kind in ('crm_loyalty', 'merge')
),

{{ connected_components('certain_links', 'joined') }},

accounts as (
    select
        identifiers.node_number,
        coalesce(joined.cluster_number, identifiers.node_number) as account_number,
        customers.account_id is not null as is_of_company
    from identifiers
    left join joined on identifiers.node_number = joined.node_number
    left join customers on identifiers.identifier = customers.customer_id
    where identifiers.identifier_type = 'crm'
),

held as (
    select
        accounts.account_number,
        bool_or(links.link_kind in ('crm_loyalty', 'crm_anonymous')) as has_card_or_browser,
        count(distinct case when links.is_registered then links.to_node end) as registered_count
    from accounts
    inner join links on accounts.node_number = links.from_node
    where
        links.link_kind in ('crm_loyalty', 'crm_anonymous', 'crm_email', 'crm_phone')
        and links.refusal_reason is distinct from 'blocked_value'
    group by accounts.account_number
),

belonging as (
    select
        account_number,
        bool_or(is_of_company) as is_of_company
    from accounts
    group by account_number
),

final as (
    select
        accounts.node_number,
        accounts.account_number,
        coalesce(
            held.registered_count = 1 and not held.has_card_or_browser and not belonging.is_of_company, false
        ) as is_bare
    from accounts
    inner join belonging on accounts.account_number = belonging.account_number
    left join held on accounts.account_number = held.account_number
)

select * from final
