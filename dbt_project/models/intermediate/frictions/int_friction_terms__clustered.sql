-- What each customer adds to the error of lost outcomes, effect and score in each segment (linearised, in billionths, so
-- that no order of summation shows). A chance in a stratum with one side only adds nothing.
with cells as (
    select
        friction_type,
        customer_number,
        profile,
        device,
        stratum_number,
        sum(affected_count) as affected_count,
        sum(affected_outcome_count) as affected_outcome_count,
        sum(unaffected_count) as unaffected_count,
        sum(unaffected_outcome_count) as unaffected_outcome_count
    from {{ ref('int_friction_cells__profiled') }}
    group by all
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

strata as (
    select
        series_number,
        stratum_number,
        cast(affected_count as double) as affected_count,
        cast(unaffected_count as double) as unaffected_count,
        cast(affected_outcome_count as double) / affected_count as affected_rate,
        cast(unaffected_outcome_count as double) / unaffected_count as unaffected_rate,
        cast(affected_outcome_count + unaffected_outcome_count as double) / (affected_count + unaffected_count)
            as pooled_rate,
        cast(affected_count as double) * unaffected_count / (affected_count + unaffected_count) as weight,
        sqrt(cast(affected_count + unaffected_count as double) / (affected_count + unaffected_count - 1))
            as finite_correction
    from {{ ref('int_friction_strata__counted') }}
    where affected_count > 0 and unaffected_count > 0
),

segmented as (
    select
        {{ number_of([
            'cells.friction_type', 'profiles.segment_dimension',
            "case when profiles.segment_dimension = 'device' then coalesce(cells.device, profiles.segment)"
            ~ " else profiles.segment end"
        ]) }} as series_number,
        cells.customer_number,
        cells.stratum_number,
        cells.affected_count as n1,
        cells.affected_outcome_count as y1,
        cells.unaffected_count as n0,
        cells.unaffected_outcome_count as y0
    from cells
    inner join profiles on cells.profile = profiles.profile
),

final as (
    select
        segmented.series_number,
        segmented.customer_number,
        coalesce(sum(cast(1e9 * (
            strata.affected_count / strata.unaffected_count * (segmented.y0 - segmented.n0 * strata.unaffected_rate)
            - (segmented.y1 - segmented.n1 * strata.affected_rate)
        ) as bigint)), 0) as lost_term,
        coalesce(sum(cast(1e9 * strata.weight * (
            (segmented.y1 - segmented.n1 * strata.affected_rate) / strata.affected_count
            - (segmented.y0 - segmented.n0 * strata.unaffected_rate) / strata.unaffected_count
        ) as bigint)), 0) as effect_term,
        coalesce(sum(cast(1e9 * strata.weight * strata.finite_correction * (
            (segmented.y1 - segmented.n1 * strata.pooled_rate) / strata.affected_count
            - (segmented.y0 - segmented.n0 * strata.pooled_rate) / strata.unaffected_count
        ) as bigint)), 0) as score_term
    from segmented
    left join strata using (series_number, stratum_number)
    group by all
)

select * from final
