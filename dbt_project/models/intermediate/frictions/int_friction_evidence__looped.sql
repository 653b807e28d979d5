-- Loops: the same event in one visit for at least the declared number of times.
with types as (
    select
        friction_type,
        threshold,
        unnest(indexes) as touchpoint
    from {{ ref('int_friction_types__declared') }}
    where detector = 'looped' and is_available
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where session_key is not null
),

final as (
    select
        types.friction_type,
        touchpoints.session_key as unit_key,
        touchpoints.customer_key,
        touchpoints.touchpoint,
        touchpoints.channel,
        touchpoints.device,
        touchpoints.occurred_at,
        touchpoints.source_table,
        touchpoints.source_row_id
    from touchpoints
    inner join types on touchpoints.touchpoint = types.touchpoint
    qualify row_number() over (
        partition by types.friction_type, touchpoints.session_key
        order by touchpoints.occurred_at, touchpoints.touchpoint_key
    ) = types.threshold
)

select * from final
