-- Which links are refused before anybody asks whose they are: those of a blocked value, of what was split by hand (the two,
-- and whatever hangs on both), and all links of an identifier on more CRM ids than its kind may have.
with links as (
    select * from {{ ref('int_identity_links__collected') }}
),

types as (
    select * from {{ ref('identity_identifier_types') }}
),

kinds as (
    select * from {{ ref('identity_link_kinds') }}
),

decisions as (
    select * from {{ ref('int_identity_overrides__numbered') }}
    where action = 'split'
),

separated as (
    select
        one_node,
        other_node
    from decisions
    union
    select
        other_node as one_node,
        one_node as other_node
    from decisions
),

beside as (
    select
        from_node as node_number,
        to_node as neighbour
    from links
    where link_kind <> 'merge'
    union all
    select
        to_node as node_number,
        from_node as neighbour
    from links
    where link_kind <> 'merge'
),

severed as (
    select
        one_node as node_number,
        other_node as neighbour
    from separated
    union
    select
        near_one.node_number,
        separated.one_node as neighbour
    from separated
    inner join beside as near_one on separated.one_node = near_one.neighbour
    inner join beside as near_other
        on separated.other_node = near_other.neighbour and near_one.node_number = near_other.node_number
),

overloaded as (
    select links.to_node as node_number
    from links
    inner join types on links.to_type = types.identifier_type
    left join severed on links.to_node = severed.node_number and links.from_node = severed.neighbour
    where starts_with(links.link_kind, 'crm_') and not links.is_blocked and severed.node_number is null
    group by links.to_node
    having count(*) > max(types.crm_ids_maximum)
),

final as (
    select
        links.link_kind,
        kinds.weakness_rank,
        links.from_node,
        links.to_node,
        links.is_registered,
        links.row_count,
        case
            when links.link_kind = 'merge' then null
            when links.is_blocked then 'blocked_value'
            when severed_to.node_number is not null or severed_from.node_number is not null then 'split_by_hand'
            when overloaded_to.node_number is not null or overloaded_from.node_number is not null then 'too_many_crm_ids'
        end as refusal_reason
    from links
    inner join kinds on links.link_kind = kinds.link_kind
    left join severed as severed_to on links.to_node = severed_to.node_number and links.from_node = severed_to.neighbour
    left join severed as severed_from
        on links.from_node = severed_from.node_number and links.to_node = severed_from.neighbour
    left join overloaded as overloaded_to on links.to_node = overloaded_to.node_number
    left join overloaded as overloaded_from
        on links.from_node = overloaded_from.node_number and links.link_kind = 'email_phone'
)

select * from final
