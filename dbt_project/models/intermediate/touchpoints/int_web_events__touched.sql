-- The web events whose touchpoints a run looks at: all, or those of the visitors in its scope.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
{%- do built_after(['int_touchpoint_scopes__touched']) %}
with events as (
    select * from {{ ref('stg_web__events') }}
),

final as (
    select * from events
    where {{ in_scope(
        'int_touchpoints__sessionized', "coalesce(anonymous_id, '')", kept_relation('int_touchpoint_scopes__touched'), 'scope_key',
        "source_table = 'web_events'"
    ) }}
)

select * from final
