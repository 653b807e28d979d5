-- What is counted at every step of every funnel, by the week in which the entry began: all of it, by channel, by device.
{%- set cell = 'funnel_id, entry_step, step, entry_week' %}
{%- set dimensions = {'all': "'all'", 'channel': 'channel', 'device': 'device'} %}
with steps as not materialized (
    select * from {{ ref('int_funnel_steps__profiled') }}
),

{{ funnel_keepers(cell, dimensions) }},

{% for dimension, segment in dimensions.items() -%}
    {{ funnel_place_cells(cell, dimension, segment) }},

{% endfor -%}
final as (
    {%- for dimension in dimensions %}
        select * from {{ dimension }}_cells
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from final
