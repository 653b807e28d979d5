-- Late deliveries nobody announced: the parcel came after its promised day, and no delay was told before it came.
with types as (
    select * from {{ ref('int_friction_types__declared') }}
    where detector = 'delayed' and is_available
),

deliveries as (
    select * from {{ ref('stg_crm__deliveries') }}
    where delivered_on > promised_on and (delay_announced_at is null or delay_announced_at >= delivered_at)
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where source_table = 'deliveries' and customer_key is not null
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
    from deliveries
    inner join touchpoints on deliveries.delivery_id = touchpoints.source_row_id
    inner join types on list_contains(types.indexes, touchpoints.touchpoint)
)

select * from final
