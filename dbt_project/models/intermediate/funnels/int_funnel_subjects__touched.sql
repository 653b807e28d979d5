-- The subjects of funnels whose entries a run looks at: all, or those whose touchpoints are others than before.
{{ config(materialized='touched', meta={'of': 'int_funnel_entries__chained'}) }}
with final as (
    {%- if is_refreshing('int_funnel_entries__chained') %}
        select * exclude (is_come) from {{ last_changes('int_funnel_subjects__listed') }}
        where is_come
    {%- else %}
        select * from {{ ref('int_funnel_subjects__listed') }}
    {%- endif %}
)

select * from final
