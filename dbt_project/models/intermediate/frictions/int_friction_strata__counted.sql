-- Affected and unaffected chances and their outcomes per stratum of every segment, by period.
{%- set counts = [
    'affected_count', 'affected_outcome_count', 'unaffected_count', 'unaffected_outcome_count', 'recent_affected_count',
    'recent_affected_outcome_count', 'previous_affected_count', 'previous_affected_outcome_count'
] %}
with cells as (
    select * from {{ ref('int_friction_cells__profiled') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

usual_devices as (
    select * from profiles
    where segment_dimension = 'device'
),

-- stratum by stratum: what is summed up by segment shares groups
summed as (
    select
        cells.friction_type,
        cells.profile,
        coalesce(cells.device, usual_devices.segment) as device,
        cells.stratum_number,
        {%- for count in counts %}
            cast(sum(cells.{{ count }}) as bigint) as {{ count }},
        {%- endfor %}
        min(cells.first_seen_on) as first_seen_on
    from cells
    left join usual_devices on cells.profile = usual_devices.profile
    group by all
    order by cells.stratum_number
),

{{ by_segment_number('summed', 'profiles') }},

segments_summed as (
    select
        friction_type,
        segment_number,
        stratum_number,
        {%- for count in counts %}
            cast(sum({{ count }}) as bigint) as {{ count }},
        {%- endfor %}
        min(first_seen_on) as first_seen_on
    from spread
    group by friction_type, segment_number, stratum_number
),

final as (
    select
        segments_summed.friction_type,
        named.segment_dimension,
        named.segment,
        {{ number_of(['segments_summed.friction_type', 'named.segment_dimension', 'named.segment']) }} as series_number,
        segments_summed.* exclude (friction_type, segment_number)
    from segments_summed
    inner join named on segments_summed.segment_number = named.segment_number
)

select * from final
