-- Per friction and segment: outcomes lost among comparable visits, and the Mantel–Haenszel difference as the summary
-- effect. Variances are of the linearised estimators, summed per customer, but never below what they are for independent
-- visits in sparse strata, where residuals vanish. The test is the score test, clustered by customer. Per-customer terms
-- are rounded to decimals before they are summed, so that no order of summation shows.
with opportunities as (
    select * from {{ ref('int_friction_opportunities__compared') }}
),

segmented as (
    {{ by_segment('opportunities', 'started_on', device='device') }}
),

strata as (
    select
        friction_type,
        segment_dimension,
        segment,
        stratum,
        count(*) filter (where is_affected) as affected_count,
        count(*) filter (where not is_affected) as unaffected_count,
        count(*) filter (where is_affected and has_outcome) as affected_outcome_count,
        count(*) filter (where not is_affected and has_outcome) as unaffected_outcome_count
    from segmented
    group by all
),

compared as (
    select
        *,
        cast(affected_outcome_count as double) / affected_count as affected_rate,
        cast(unaffected_outcome_count as double) / unaffected_count as unaffected_rate,
        cast(affected_count as double) * unaffected_count / (affected_count + unaffected_count) as weight,
        cast(affected_outcome_count + unaffected_outcome_count as double) / (affected_count + unaffected_count)
            as pooled_rate,
        sqrt(cast(affected_count + unaffected_count as double) / (affected_count + unaffected_count - 1))
            as finite_correction
    from strata
    where affected_count > 0 and unaffected_count > 0
),

terms as (
    select
        segmented.friction_type,
        segmented.segment_dimension,
        segmented.segment,
        segmented.customer_key,
        sum(cast(
            case
                when segmented.is_affected
                    then -(cast(segmented.has_outcome as integer) - compared.affected_rate)
                else
                    compared.affected_count * (cast(segmented.has_outcome as integer) - compared.unaffected_rate)
                    / compared.unaffected_count
            end as decimal(28, 12)
        )) as lost_term,
        sum(cast(
            case
                when segmented.is_affected
                    then (cast(segmented.has_outcome as integer) - compared.affected_rate) / compared.affected_count
                else
                    -(cast(segmented.has_outcome as integer) - compared.unaffected_rate) / compared.unaffected_count
            end * compared.weight as decimal(28, 12)
        )) as effect_term,
        sum(cast(
            compared.weight
            * case when segmented.is_affected then 1.0 / compared.affected_count else -1.0 / compared.unaffected_count end
            * (cast(segmented.has_outcome as integer) - compared.pooled_rate)
            * compared.finite_correction as decimal(28, 12)
        )) as score_term
    from segmented
    inner join compared using (friction_type, segment_dimension, segment, stratum)
    group by all
),

variances as (
    select
        friction_type,
        segment_dimension,
        segment,
        count(*) as cluster_count,
        cast(sum(cast(power(cast(lost_term as double), 2) as decimal(38, 12))) as double) as lost_square_sum,
        cast(sum(cast(power(cast(effect_term as double), 2) as decimal(38, 12))) as double) as effect_square_sum,
        cast(sum(cast(score_term as decimal(38, 12))) as double) as score_sum,
        cast(sum(cast(power(cast(score_term as double), 2) as decimal(38, 12))) as double) as score_square_sum
    from terms
    group by all
),

totals as (
    select
        strata.friction_type,
        strata.segment_dimension,
        strata.segment,
        sum(strata.affected_count + strata.unaffected_count) as journey_count,
        sum(strata.affected_count) as affected_count,
        sum(strata.affected_count) filter (where compared.stratum is null) as unmatched_count,
        sum(strata.affected_outcome_count) filter (where compared.stratum is not null) as matched_outcome_count,
        sum(strata.affected_count) filter (where compared.stratum is not null) as matched_count,
        cast(sum(cast(compared.affected_count * compared.unaffected_rate as decimal(28, 12))) as double)
            as expected_outcome_count,
        cast(sum(cast(compared.weight as decimal(28, 12))) as double) as weight_sum,
        cast(sum(cast(
            compared.weight * (compared.affected_rate - compared.unaffected_rate) as decimal(28, 12)
        )) as double) as weighted_effect_sum,
        {{ sparse_variances('compared') }}
    from strata
    left join compared using (friction_type, segment_dimension, segment, stratum)
    group by all
),

{{ friction_effects() }}

select * from final
