-- Affected and unaffected chances and their outcomes per stratum of every segment, by period.
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
        period,
        sum(affected_count) as affected_count,
        sum(affected_outcome_count) as affected_outcome_count,
        sum(unaffected_count) as unaffected_count,
        sum(unaffected_outcome_count) as unaffected_outcome_count,
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
        cast(sum(affected_count) as bigint) as affected_count,
        cast(sum(affected_outcome_count) as bigint) as affected_outcome_count,
        cast(sum(unaffected_count) as bigint) as unaffected_count,
        cast(sum(unaffected_outcome_count) as bigint) as unaffected_outcome_count,
        cast(coalesce(sum(affected_count) filter (where period = 2), 0) as bigint) as recent_affected_count,
        cast(coalesce(sum(affected_outcome_count) filter (where period = 2), 0) as bigint)
            as recent_affected_outcome_count,
        cast(coalesce(sum(affected_count) filter (where period = 1), 0) as bigint) as previous_affected_count,
        cast(coalesce(sum(affected_outcome_count) filter (where period = 1), 0) as bigint)
            as previous_affected_outcome_count,
        min(first_seen_on) as first_seen_on
    from segmented
    group by all
)

select * from final
