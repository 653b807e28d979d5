-- The subjects of funnels whose entries a run looks at: all, or those whose touchpoints are others than before.
{{ config(materialized='touched', meta={'of': 'int_funnel_entries__chained'}) }}
with subjects as (
    select * from {{ ref('int_funnel_subjects__listed') }}
),

final as (
    select * from subjects
    where {{ in_scope(
        'int_funnel_entries__chained', 'subject_number', last_changes('int_funnel_subjects__listed'), 'subject_number'
    ) }}
)

select * from final
