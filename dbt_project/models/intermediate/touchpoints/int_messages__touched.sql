-- The messages whose touchpoints a run looks at: all, or those in its scope.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
{%- do built_after(['int_touchpoint_scopes__touched']) %}
with messages as (
    select * from {{ ref('stg_crm__messages') }}
),

final as (
    select * from messages
    where {{ in_scope(
        'int_touchpoints__sessionized', 'message_id', kept_relation('int_touchpoint_scopes__touched'), 'scope_key',
        "source_table = 'messages'"
    ) }}
)

select * from final
