-- Every link with what was decided on it in the end; a link without a reason holds.
with links as (
    select * from {{ ref('int_identity_links__guarded') }}
),

clusters as (
    select * from {{ ref('int_identity_clusters__formed') }}
),

final as (
    select
        links.* replace (
            case
                when links.refusal_reason is not null then links.refusal_reason
                when links.weakness_rank <= clusters.cut_rank then clusters.unsoundness
            end as refusal_reason
        )
    from links
    inner join clusters on links.from_node = clusters.node_number
)

select * from final
