-- Per type and segment: outcomes lost among comparable chances, and the Mantel–Haenszel difference and ratio as the
-- summary effect. Variances are of the linearised estimators, summed per customer, but never below what they are for
-- independent chances in sparse strata, where residuals vanish. The test is the score test, clustered by customer.
with strata as (
    select * from {{ ref('int_friction_strata__counted') }}
),

variances as (
    select * from {{ ref('int_friction_terms__clustered') }}
),

compared as (
    select
        *,
        cast(affected_outcome_count as double) / affected_count as affected_rate,
        cast(unaffected_outcome_count as double) / unaffected_count as unaffected_rate,
        cast(affected_count as double) * unaffected_count / (affected_count + unaffected_count) as weight
    from strata
    where affected_count > 0 and unaffected_count > 0
),

wholes as (
    select
        series_number,
        friction_type,
        segment_dimension,
        segment,
        sum(affected_count + unaffected_count) as journey_count,
        sum(affected_count) as affected_count,
        min(first_seen_on) as first_seen_on
    from strata
    group by all
),

totals as (
    select
        compared.series_number,
        sum(compared.affected_outcome_count) as matched_outcome_count,
        sum(compared.affected_count) as matched_count,
        cast(sum(cast(compared.affected_count * compared.unaffected_rate as decimal(28, 12))) as double)
            as expected_outcome_count,
        cast(sum(cast(compared.weight as decimal(28, 12))) as double) as weight_sum,
        cast(sum(cast(
            compared.weight * (compared.affected_rate - compared.unaffected_rate) as decimal(28, 12)
        )) as double) as weighted_effect_sum,
        cast(sum(cast(compared.weight * compared.affected_rate as decimal(28, 12))) as double) as weighted_affected_sum,
        cast(sum(cast(compared.weight * compared.unaffected_rate as decimal(28, 12))) as double)
            as weighted_unaffected_sum,
        {{ period_losses('compared') }},
        {{ sparse_variances('compared') }}
    from compared
    group by compared.series_number
),

{{ friction_effects() }}

select * from final
