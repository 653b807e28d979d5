-- What is counted at every step of every funnel, by the week in which the entry began: all of it, by channel, by device.
{%- set cell = 'funnel_id, entry_step, step, entry_week' %}
{%- set dimensions = {'all': '0', 'channel': 'channel_number', 'device': 'device_number'} %}
with steps as not materialized (
    select * from {{ ref('int_funnel_steps__profiled') }}
),

places as (
    select * from {{ ref('int_funnel_places__numbered') }}
),

{{ funnel_keepers(cell, dimensions) }},

{% for dimension, value in dimensions.items() -%}
    {{ funnel_place_cells(cell, dimension, value) }},

{% endfor -%}
cells as (
    {%- for dimension in dimensions %}
        select * from {{ dimension }}_cells
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

final as (
    select
        cells.* exclude (place_number),
        places.segment_dimension,
        places.segment
    from cells
    inner join places on cells.place_number = places.place_number
)

select * from final
