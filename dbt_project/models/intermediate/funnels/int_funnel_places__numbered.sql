-- Where entries are made: every channel, traffic channel and device of a touchpoint of a funnel, by a number. Millions of
-- entries are told apart by it; 0 is everywhere.
with kinds as (
    select * from {{ ref('int_touchpoint_kinds__numbered') }}
),

places as (
    {%- for dimension in ['channel', 'traffic_channel', 'device'] %}
        select
            '{{ dimension }}' as segment_dimension,
            coalesce({{ dimension }}, 'unknown') as segment
        from kinds
        union
    {%- endfor %}
    select
        'all' as segment_dimension,
        'all' as segment
),

final as (
    select
        segment_dimension,
        segment,
        cast(row_number() over (order by segment_dimension, segment) - 1 as smallint) as place_number
    from places
)

select * from final
