-- A number for every kind of touchpoint that fills a step: what it was, where, on what. Numbers follow the names, so
-- that two kinds are in the same order whatever else there is; those with a device come first.
{{ config(materialized='refreshed', meta={'key': ['touch_kind']}) }}
with touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

step_touchpoints as (
    select * from {{ ref('funnel_step_touchpoints') }}
),

kinds as (
    select
        touchpoint,
        channel,
        device,
        traffic_channel
    from touchpoints
    where touchpoint in (select step_touchpoints.touchpoint from step_touchpoints)
    group by all
),

final as (
    select
        cast(row_number() over (
            order by device is null, touchpoint, device nulls last, traffic_channel nulls last, channel nulls last
        ) as integer) as touch_kind,
        cast(dense_rank() over (order by touchpoint) as integer) as touchpoint_number,
        *
    from kinds
)

select * from final
