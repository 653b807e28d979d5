-- What became of every identifier and link, and in how many sources and under how many accounts each customer was met.
with identifiers as (
    select * from {{ ref('int_identifiers__collected') }}
),

clusters as (
    select * from {{ ref('int_identity_clusters__formed') }}
),

links as (
    select * from {{ ref('int_identity_links__judged') }}
),

resolved as (
    select * from {{ ref('int_identifiers__resolved') }}
),

customers as (
    select
        clusters.cluster_number,
        cast(bool_or(identifiers.is_in_crm) as integer)
        + cast(bool_or(identifiers.is_in_web) as integer)
        + cast(bool_or(identifiers.is_in_surveys) as integer) as source_count,
        count(*) filter (where identifiers.identifier_type = 'crm') as account_count
    from identifiers
    inner join clusters on identifiers.node_number = clusters.node_number
    group by clusters.cluster_number
    having account_count > 0
),

final as (
    select
        'identifiers' as measure,
        identifiers.identifier_type as kind,
        case
            when resolved.identifier is null then 'nobody'
            when resolved.is_known then 'tied'
            else 'visitor'
        end as outcome,
        clusters.cluster_number
    from identifiers
    inner join clusters on identifiers.node_number = clusters.node_number
    left join resolved
        on
            identifiers.identifier_type = resolved.identifier_type
            and identifiers.identifier = resolved.identifier
    union all
    select
        'links' as measure,
        links.link_kind as kind,
        coalesce(links.refusal_reason, 'kept') as outcome,
        clusters.cluster_number
    from links
    inner join clusters on links.from_node = clusters.node_number
    union all
    select
        'sources' as measure,
        'customer' as kind,
        cast(source_count as varchar) as outcome,
        cluster_number
    from customers
    union all
    select
        'accounts' as measure,
        'customer' as kind,
        cast(least(account_count, 3) as varchar) as outcome,
        cluster_number
    from customers
)

select * from final
