-- Messages against what the customer asked for: marketing sent to somebody who had unsubscribed before.
with types as (
    select * from {{ ref('int_friction_types__declared') }}
    where detector = 'offered' and is_available
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where customer_key is not null
),

unsubscribed as (
    select
        customer_key,
        min(occurred_at) as unsubscribed_at
    from touchpoints
    where touchpoint = 'unsubscription'
    group by customer_key
),

final as (
    select
        types.friction_type,
        touchpoints.customer_key || ' ' || cast(date_trunc('month', touchpoints.occurred_on) as date) as unit_key,
        touchpoints.customer_key,
        touchpoints.touchpoint,
        touchpoints.channel,
        touchpoints.device,
        touchpoints.occurred_at,
        touchpoints.source_table,
        touchpoints.source_row_id
    from touchpoints
    inner join types on list_contains(types.indexes, touchpoints.touchpoint)
    inner join unsubscribed on touchpoints.customer_key = unsubscribed.customer_key
    where touchpoints.occurred_at > unsubscribed.unsubscribed_at
)

select * from final
