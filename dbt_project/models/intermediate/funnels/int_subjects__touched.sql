-- The subjects of funnels one of whose touchpoints went or came in the last step.
with changes as (
    select * from {{ last_changes('int_touchpoints__sessionized') }}
),

final as (
    {%- for subject, subject_key in funnel_subjects().items() %}
        select
            '{{ subject }}' as subject,
            {{ subject_key }} as subject_key
        from changes as touchpoints
        where {{ subject_key }} is not null
        group by {{ subject_key }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from final
