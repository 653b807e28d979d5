-- The web events whose touchpoints a run looks at: all, or those of the visitors in its scope.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
with events as (
    select * from {{ ref('stg_web__events') }}
),

final as (
    select * from events
    where {{ touchpoint_scope("coalesce(anonymous_id, '')", 'web_events') }}
)

select * from final
