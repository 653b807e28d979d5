-- What is counted at every step of every funnel, by segment. Persons who were in one profile of segments are added up per
-- profile, of which there are few; the others per segment. Channel, traffic channel and device are the entry's own.
{%- set cell = 'funnel_id, entry_step, step' %}
{%- set own = ['channel', 'traffic_channel', 'device'] %}
with steps as (
    select * from {{ ref('int_funnel_steps__profiled') }}
),

described as (
    select * from {{ ref('int_segment_profiles__described') }}
    where segment_dimension not in ('{{ own | join("', '") }}')
),

subjects as (
    select {{ cell }}, person_number, profile, subject_number, {{ funnel_counts() }}
    from steps
    group by {{ cell }}, person_number, profile, subject_number
),

persons as (
    select {{ cell }}, person_number, profile, {{ funnel_person_sums() }}
    from subjects
    group by {{ cell }}, person_number, profile
),

movers as (
    select {{ cell }}, person_number
    from persons
    group by {{ cell }}, person_number
    having count(*) > 1
),

stayers_of_profile as (
    select {{ cell }}, profile, {{ funnel_cell_sums() }}
    from persons
    anti join movers using ({{ cell }}, person_number)
    group by {{ cell }}, profile
),

movers_in_segment as (
    select
        {{ cell }}, subjects.person_number, described.segment_dimension, described.segment, subjects.subject_number,
        {%- for name in [
            'converted_count', 'dropped_count', 'pending_count', 'tie_count', 'order_violation_count', 'cluster_n',
            'cluster_x', 'entrant_count'
        ] %}
        sum(subjects.{{ name }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
    from subjects
    semi join movers using ({{ cell }}, person_number)
    inner join described on subjects.profile = described.profile
    group by all
),

mover_sums as (
    select {{ cell }}, person_number, segment_dimension, segment, {{ funnel_person_sums() }}
    from movers_in_segment
    group by {{ cell }}, person_number, segment_dimension, segment
),

{% for dimension in own -%}
    {{ dimension }}_subjects as (
        select {{ cell }}, person_number, {{ dimension }} as segment, subject_number, {{ funnel_counts() }}
        from steps
        group by {{ cell }}, person_number, {{ dimension }}, subject_number
    ),

    {{ dimension }}_persons as (
        select {{ cell }}, person_number, segment, {{ funnel_person_sums() }}
        from {{ dimension }}_subjects
        group by {{ cell }}, person_number, segment
    ),

{% endfor -%}
parts as (
    select
        stayers_of_profile.* exclude (profile),
        described.segment_dimension,
        described.segment
    from stayers_of_profile
    inner join described on stayers_of_profile.profile = described.profile
    union all by name
    select {{ cell }}, segment_dimension, segment, {{ funnel_cell_sums() }}
    from mover_sums
    group by {{ cell }}, segment_dimension, segment
    {%- for dimension in own %}
        union all by name
        select {{ cell }}, '{{ dimension }}' as segment_dimension, segment, {{ funnel_cell_sums() }}
        from {{ dimension }}_persons
        group by {{ cell }}, segment
    {%- endfor %}
),

final as (
    select {{ cell }}, segment_dimension, segment, {{ funnel_sums_of_sums() }}
    from parts
    group by {{ cell }}, segment_dimension, segment
)

select * from final
