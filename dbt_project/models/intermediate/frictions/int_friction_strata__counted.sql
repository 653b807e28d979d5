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

summed as (
    select
        friction_type,
        profile,
        device,
        stratum_number,
        {%- for count in counts %}
            cast(sum({{ count }}) as bigint) as {{ count }},
        {%- endfor %}
        min(first_seen_on) as first_seen_on
    from cells
    group by all
),

segmented as (
    select
        summed.*,
        profiles.segment_dimension,
        case
            when profiles.segment_dimension = 'device' then coalesce(summed.device, profiles.segment)
            else profiles.segment
        end as segment
    from summed
    inner join profiles on summed.profile = profiles.profile
),

final as (
    select
        friction_type,
        segment_dimension,
        segment,
        {{ number_of(['friction_type', 'segment_dimension', 'segment']) }} as series_number,
        stratum_number,
        {%- for count in counts %}
            cast(sum({{ count }}) as bigint) as {{ count }},
        {%- endfor %}
        min(first_seen_on) as first_seen_on
    from segmented
    group by all
)

select * from final
