{#-
    The rows of a relation with `profile` and `device`, which is never null, once per segment, by the number of the segment:
    grouping millions of rows by texts costs several times as much. A device is a segment of its own dimension, with a
    number below zero. `profiles` is `int_segment_profiles__described`. Yields the CTEs `spread`, and `named` to tell the
    segments in the end.
-#}
{% macro by_segment_number(relation, profiles) %}
devices as (
    select
        device,
        cast(-row_number() over (order by device) as integer) as device_number
    from {{ relation }}
    group by device
),

named as (
    select
        segment_number,
        min(segment_dimension) as segment_dimension,
        min(segment) as segment
    from {{ profiles }}
    group by segment_number
    union all
    select
        device_number as segment_number,
        'device' as segment_dimension,
        device as segment
    from devices
),

spread as (
    select
        {{ relation }}.* exclude (profile, device),
        case
            when {{ profiles }}.segment_dimension = 'device' then devices.device_number else {{ profiles }}.segment_number
        end as segment_number
    from {{ relation }}
    inner join devices on {{ relation }}.device = devices.device
    inner join {{ profiles }} on {{ relation }}.profile = {{ profiles }}.profile
)
{% endmacro %}
