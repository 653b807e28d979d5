-- Two that somebody decided are one customer, or are not, and the tables say otherwise: decisions contradict each other
-- (a merge over a third identifier joins what a split keeps apart), or a decision was lost on the way.
with decisions as (
    select * from {{ ref('int_identity_overrides__numbered') }}
),

clusters as (
    select * from {{ ref('int_identity_clusters__formed') }}
)

select
    decisions.action,
    decisions.one_node,
    decisions.other_node
from decisions
inner join clusters as one_side on decisions.one_node = one_side.node_number
inner join clusters as other_side on decisions.other_node = other_side.node_number
where (decisions.action = 'merge') <> (one_side.cluster_number = other_side.cluster_number)
