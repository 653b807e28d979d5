-- What is counted at every step of every funnel, by segment. Most persons keep one profile of segments in a cell and are
-- added up per profile, of which there are few; of the others, only what makes them one person is told apart per segment.
-- Channel, traffic channel and device are the entry's own.
{%- set cell = 'funnel_id, entry_step, step' %}
{%- set own = ['channel', 'traffic_channel', 'device'] %}
{%- set values = {
    'profile': 'profile', 'channel': 'channel_number', 'traffic_channel': 'traffic_channel_number', 'device': 'device_number'
} %}
with steps as not materialized (
    select * from {{ ref('int_funnel_steps__profiled') }}
),

described as (
    select * from {{ ref('int_segment_profiles__described') }}
    where segment_dimension not in ('{{ own | join("', '") }}')
),

places as (
    select * from {{ ref('int_funnel_places__numbered') }}
),

{{ funnel_keepers(cell, values) }},

stayers_of_profile as (
    select {{ cell }}, profile_kept as profile, {{ funnel_cell_sums() }}
    from keepers
    where profile_kept is not null
    group by {{ cell }}, profile_kept
),

{{ funnel_changers(cell, 'profile', 'profile') }},

counts_of_movers as (
    select {{ cell }}, profile_place as profile, {{ funnel_entry_sums() }}
    from profile_subjects
    group by {{ cell }}, profile_place
),

{{ funnel_movers(cell) }},

mover_sums as (
    select
        {{ cell }}, segment_number, count(*) as customer_count, sum(subject_count) as subject_count,
        {{ cluster_sums(counts=true) }}
    from movers
    group by {{ cell }}, segment_number
),

segments as (
    select distinct
        segment_number,
        segment_dimension,
        segment
    from described
),

{% for dimension in own -%}
    {{ funnel_place_cells(cell, dimension, values[dimension]) }},

{% endfor -%}
profiles_summed as (
    select * from stayers_of_profile
    union all by name
    select * from counts_of_movers
),

parts as (
    select
        profiles_summed.* exclude (profile),
        described.segment_dimension,
        described.segment
    from profiles_summed
    inner join described on profiles_summed.profile = described.profile
    union all by name
    select
        mover_sums.* exclude (segment_number),
        segments.segment_dimension,
        segments.segment
    from mover_sums
    inner join segments on mover_sums.segment_number = segments.segment_number
    {%- for dimension in own %}
        union all by name
        select
            own_cells.* exclude (place_number),
            places.segment_dimension,
            places.segment
        from {{ dimension }}_cells as own_cells
        inner join places on own_cells.place_number = places.place_number
    {%- endfor %}
),

final as (
    select {{ cell }}, segment_dimension, segment, {{ funnel_sums_of_sums() }}
    from parts
    group by {{ cell }}, segment_dimension, segment
)

select * from final
