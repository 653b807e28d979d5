-- What identity did not join, and why: links that a guard or a decision by hand refused, with both identifiers as they
-- landed. For whoever looks into a case, or decides one by hand.
with links as (
    select * from {{ ref('int_identity_links__judged') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__collected') }}
),

final as (
    select
        links.link_kind,
        left_side.identifier_type,
        left_side.identifier,
        right_side.identifier_type as other_identifier_type,
        right_side.identifier as other_identifier,
        links.refusal_reason,
        links.row_count
    from links
    inner join identifiers as left_side on links.from_node = left_side.node_number
    inner join identifiers as right_side on links.to_node = right_side.node_number
    where links.refusal_reason is not null
)

select * from final
