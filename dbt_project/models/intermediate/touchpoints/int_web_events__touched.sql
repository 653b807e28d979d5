-- The web events whose touchpoints a run looks at: all, or those of the visitors in its scope, and those of no visitor
-- that are in it themselves.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
with events as not materialized (
    select * from {{ ref('stg_web__events') }}
),

final as (
    select * from events
    where {{ touchpoint_scope('anonymous_id', 'web_events') }}
    {%- if is_refreshing('int_touchpoints__sessionized') %}
        union all
        select * from events
        where anonymous_id is null and {{ touchpoint_scope('event_key', 'lone_events') }}
    {%- endif %}
)

select * from final
