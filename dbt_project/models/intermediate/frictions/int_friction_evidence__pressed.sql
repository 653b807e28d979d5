-- Too many messages: the one that goes beyond the declared number within the exposure window, once per spell.
with types as (
    select * from {{ ref('int_friction_types__declared') }}
    where detector = 'pressed' and is_available
),

messages as (
    select
        types.friction_type,
        types.threshold,
        types.exposure_window,
        touchpoints.*,
        row_number() over (
            partition by types.friction_type, touchpoints.customer_key
            order by touchpoints.occurred_at, touchpoints.touchpoint_key
        ) as message_number
    from {{ ref('int_touchpoints__sessionized') }} as touchpoints
    inner join types on list_contains(types.indexes, touchpoints.touchpoint)
    where touchpoints.customer_key is not null
),

beyond as (
    select messages.*
    from messages
    inner join messages as earlier
        on
            messages.friction_type = earlier.friction_type
            and messages.customer_key = earlier.customer_key
            and messages.message_number = earlier.message_number + cast(messages.threshold as bigint)
    where messages.occurred_at <= earlier.occurred_at + messages.exposure_window
),

final as (
    select
        friction_type,
        customer_key || ' ' || cast(date_trunc('month', occurred_on) as date) as unit_key,
        customer_key,
        touchpoint,
        channel,
        device,
        occurred_at,
        source_table,
        source_row_id
    from beyond
    qualify lag(message_number) over (
        partition by friction_type, customer_key order by message_number
    ) is distinct from message_number - 1
)

select * from final
