-- What was decided by hand about identifiers that have been met; a web user is the CRM customer of that number.
with decisions as (
    select * from {{ source('landing', 'identity_decisions') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__collected') }}
),

spoken as (
    select
        action,
        case identifier_type when 'user' then 'crm' else identifier_type end as one_type,
        identifier as one_id,
        case other_identifier_type when 'user' then 'crm' else other_identifier_type end as other_type,
        other_identifier as other_id
    from decisions
),

final as (
    select
        spoken.action,
        least(one_side.node_number, other_side.node_number) as one_node,
        greatest(one_side.node_number, other_side.node_number) as other_node
    from spoken
    inner join identifiers as one_side
        on spoken.one_type = one_side.identifier_type and spoken.one_id = one_side.identifier
    inner join identifiers as other_side
        on spoken.other_type = other_side.identifier_type and spoken.other_id = other_side.identifier
    where one_side.node_number <> other_side.node_number
    group by all
)

select * from final
