-- The entries whose subject, channel and device a run looks up: all, or those that went or came in the last step, and those
-- of subjects that are another customer's than before.
{{ config(materialized='touched', meta={'of': 'int_funnel_entries__attributed'}) }}
{%- do built_after(['int_funnel_subjects__listed']) %}
with entries as not materialized (
    select * from {{ ref('int_funnel_entries__chained') }}
),

final as (
    {%- if is_refreshing('int_funnel_entries__attributed') %}
        select * from {{ last_changes('int_funnel_entries__chained') }}
        union
        select
            *,
            true as is_come
        from entries
        where subject_number in (
            select subject_number
            from {{ last_changes('int_funnel_subjects__listed') }}
            group by subject_number
            having min(customer_key) filter (where is_come) is distinct from min(customer_key) filter (where not is_come)
        )
    {%- else %}
        select
            *,
            true as is_come
        from entries
    {%- endif %}
)

select * from final
