-- Slow pages: a page that took at least the declared milliseconds until it was usable.
with types as (
    select
        friction_type,
        threshold,
        unnest(indexes) as touchpoint
    from {{ ref('int_friction_types__declared') }}
    where detector = 'slowed' and is_available
),

events as (
    select
        event_key,
        load_milliseconds
    from {{ ref('stg_web__events') }}
    where load_milliseconds >= (select min(threshold) from types)
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
    from events
    inner join touchpoints on events.event_key = touchpoints.touchpoint_key
    inner join types on touchpoints.touchpoint = types.touchpoint and events.load_milliseconds >= types.threshold
)

select * from final
