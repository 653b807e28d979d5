-- Which customer an identifier belongs to: the key is made of the least identifier of its cluster, in the order CRM id,
-- card, web user, e-mail, phone, browser. An address, number or card that ties nobody, because it would tie several, is
-- left out: it identifies nobody. A browser of that kind stays a visitor of its own.
{{ config(materialized='refreshed', meta={'key': ['identifier_type', 'identifier']}) }}
with identifiers as (
    select * from {{ ref('int_identifiers__collected') }}
),

clusters as (
    select * from {{ ref('int_identity_clusters__formed') }}
),

links as (
    select * from {{ ref('int_identity_links__judged') }}
),

carried as (
    select * from {{ ref('int_identity_rows__collected') }}
),

ends as (
    select
        to_node as node_number,
        refusal_reason
    from links
    union all
    select
        from_node as node_number,
        refusal_reason
    from links where link_kind in ('email_phone', 'merge')
),

disowned as (
    select node_number
    from ends
    group by node_number
    having bool_and(refusal_reason is not null)
),

customers as (
    select
        clusters.cluster_number,
        {{ surrogate_key(['identifiers.identifier_type', 'identifiers.identifier']) }} as customer_key,
        identifiers.identifier_type = 'crm' as is_known
    from clusters
    inner join identifiers on clusters.cluster_number = identifiers.node_number
    where clusters.node_number = clusters.cluster_number
),

resolved as (
    select
        identifiers.identifier_type,
        identifiers.identifier,
        customers.customer_key,
        customers.is_known,
        identifiers.is_in_crm,
        identifiers.is_in_web,
        identifiers.is_in_surveys
    from identifiers
    inner join clusters on identifiers.node_number = clusters.node_number
    inner join customers on clusters.cluster_number = customers.cluster_number
    left join disowned on identifiers.node_number = disowned.node_number
    where
        identifiers.identifier_type in ('crm', 'anonymous')
        or (disowned.node_number is null and not identifiers.is_blocked)
),

web_users as (
    select crm_id
    from carried
    where source_table = 'web_events' and crm_id is not null
    group by crm_id
),

final as (
    select * from resolved
    union all
    select resolved.* replace ('user' as identifier_type)
    from resolved
    inner join web_users on resolved.identifier_type = 'crm' and resolved.identifier = web_users.crm_id
)

select * from final
