-- What is counted at every step of every funnel, by the week in which the entry began: all of it, by channel, by device.
{%- set cell = 'funnel_id, entry_step, step, entry_week' %}
{%- set dimensions = {'all': "'all'", 'channel': 'channel', 'device': 'device'} %}
with steps as (
    select * from {{ ref('int_funnel_steps__profiled') }}
),

{% for dimension, segment in dimensions.items() -%}
    {{ dimension }}_subjects as (
        select {{ cell }}, person_number, {{ segment }} as segment, subject_number, {{ funnel_counts() }}
        from steps
        group by {{ cell }}, person_number, {{ segment }}, subject_number
    ),

    {{ dimension }}_persons as (
        select {{ cell }}, person_number, segment, {{ funnel_person_sums() }}
        from {{ dimension }}_subjects
        group by {{ cell }}, person_number, segment
    ),

{% endfor -%}
final as (
    {%- for dimension in dimensions %}
        select {{ cell }}, '{{ dimension }}' as segment_dimension, segment, {{ funnel_cell_sums() }}
        from {{ dimension }}_persons
        group by {{ cell }}, segment
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from final
