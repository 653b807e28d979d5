-- Orders of customers known under several identities: an identifier they share with somebody else was refused as proof
-- that both are one, so what is known of them lies in two places.
with types as (
    select * from {{ ref('int_friction_types__declared') }}
    where detector = 'split' and is_available
),

refusals as (
    select * from {{ ref('fct_identity_refusals') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
    where is_known
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where customer_key is not null
),

ends as (
    select
        identifier_type,
        identifier
    from refusals
    union
    select
        other_identifier_type as identifier_type,
        other_identifier as identifier
    from refusals
),

customers as (
    select identifiers.customer_key
    from ends
    inner join identifiers
        on ends.identifier_type = identifiers.identifier_type and ends.identifier = identifiers.identifier
    group by identifiers.customer_key
),

final as (
    select
        types.friction_type,
        touchpoints.source_row_id as unit_key,
        touchpoints.customer_key,
        touchpoints.touchpoint,
        touchpoints.channel,
        touchpoints.device,
        touchpoints.occurred_at,
        touchpoints.source_table,
        touchpoints.source_row_id
    from touchpoints
    inner join types on list_contains(types.indexes, touchpoints.touchpoint)
    inner join customers on touchpoints.customer_key = customers.customer_key
)

select * from final
