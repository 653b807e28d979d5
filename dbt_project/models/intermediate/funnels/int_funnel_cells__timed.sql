-- How long mature entries took from a step to the next, by segment: quartiles with their bounds by order statistics. Of
-- the young, only the quick ones would be in.
{%- set cell = 'funnel_id, entry_step, step' %}
{%- set own = ['channel', 'traffic_channel', 'device'] %}
with conversions as (
    select * from {{ ref('int_funnel_steps__profiled') }}
    where is_mature and step_outcome = 'converted'
),

described as (
    select * from {{ ref('int_segment_profiles__described') }}
    where segment_dimension not in ('{{ own | join("', '") }}')
),

places as (
    select * from {{ ref('int_funnel_places__numbered') }}
),

of_profiles as (
    select
        {{ cell }},
        profile,
        list(seconds_to_next) as seconds
    from conversions
    group by {{ cell }}, profile
),

collected as (
    select
        {{ cell }},
        described.segment_dimension,
        described.segment,
        list_sort(flatten(list(of_profiles.seconds))) as seconds
    from of_profiles
    inner join described on of_profiles.profile = described.profile
    group by {{ cell }}, described.segment_dimension, described.segment
    {%- for dimension in own %}
        union all
        select
            {{ cell }},
            places.segment_dimension,
            places.segment,
            list_sort(list(conversions.seconds_to_next)) as seconds
        from conversions
        inner join places on conversions.{{ dimension }}_number = places.place_number
        group by {{ cell }}, places.segment_dimension, places.segment
    {%- endfor %}
),

final as (
    select
        {{ cell }},
        segment_dimension,
        segment,
        {{ quartiles('seconds') }}
    from collected
)

select * from final
