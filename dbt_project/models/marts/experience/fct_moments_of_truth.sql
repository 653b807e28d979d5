-- How much a bad experience rather than a good one lowers the share who buy again, per touchpoint and segment, among
-- comparable ones (Mantel–Haenszel). Variance clustered by customer, never below that of independent experiences. No
-- more people are behind a row than on its smaller side.
with moments as (
    select * from {{ ref('int_moments__judged') }}
),

segmented as (
    {{ by_segment('moments', 'scored_on') }}
    where list_contains({{ var('experience_segment_dimensions') }}, dimensions.segment_dimension)
),

strata as (
    select
        stage,
        touchpoint,
        segment_dimension,
        segment,
        stratum,
        count(*) filter (where is_bad) as bad_count,
        count(*) filter (where not is_bad) as good_count,
        count(*) filter (where is_bad and has_outcome) as bad_outcome_count,
        count(*) filter (where not is_bad and has_outcome) as good_outcome_count
    from segmented
    group by all
),

compared as (
    select
        *,
        cast(bad_outcome_count as double) / bad_count as bad_rate,
        cast(good_outcome_count as double) / good_count as good_rate,
        (bad_outcome_count + 0.5) / (bad_count + 1.0) as bad_chance,
        (good_outcome_count + 0.5) / (good_count + 1.0) as good_chance,
        cast(bad_count as double) * good_count / (bad_count + good_count) as weight
    from strata
    where bad_count > 0 and good_count > 0
),

terms as (
    select
        segmented.touchpoint,
        segmented.segment_dimension,
        segmented.segment,
        segmented.customer_key,
        sum(cast(compared.weight * case
            when segmented.is_bad
                then -(cast(segmented.has_outcome as integer) - compared.bad_rate) / compared.bad_count
            else (cast(segmented.has_outcome as integer) - compared.good_rate) / compared.good_count
        end as decimal(28, 12))) as effect_term,
        bool_or(segmented.is_bad) as has_bad,
        bool_or(not segmented.is_bad) as has_good
    from segmented
    inner join compared using (touchpoint, segment_dimension, segment, stratum)
    group by all
),

variances as (
    select
        touchpoint,
        segment_dimension,
        segment,
        count(*) as cluster_count,
        least(count(*) filter (where has_bad), count(*) filter (where has_good)) as customer_count,
        cast(sum(cast(power(cast(effect_term as double), 2) as decimal(38, 12))) as double) as square_sum
    from terms
    group by all
),

totals as (
    select
        stage,
        touchpoint,
        segment_dimension,
        segment,
        sum(bad_count) as bad_count,
        sum(good_count) as good_count,
        sum(cast(weight as decimal(28, 12))) as weight_sum,
        sum(cast(weight * bad_rate as decimal(28, 12))) as bad_sum,
        sum(cast(weight * good_rate as decimal(28, 12))) as good_sum,
        sum(cast(power(weight, 2) * (
            bad_chance * (1.0 - bad_chance) / bad_count + good_chance * (1.0 - good_chance) / good_count
        ) as decimal(28, 12))) as independent_variance
    from compared
    group by all
),

final as (
    select
        totals.stage,
        totals.touchpoint,
        totals.segment_dimension,
        totals.segment,
        cast(variances.customer_count as bigint) as customer_count,
        cast(totals.bad_count as bigint) as bad_count,
        cast(totals.good_count as bigint) as good_count,
        round(cast(totals.bad_sum as double) / cast(totals.weight_sum as double), 6) as bad_outcome_rate,
        round(cast(totals.good_sum as double) / cast(totals.weight_sum as double), 6) as good_outcome_rate,
        round((cast(totals.good_sum as double) - cast(totals.bad_sum as double)) / cast(totals.weight_sum as double), 6)
            as effect,
        round(sqrt(greatest(
            variances.square_sum * variances.cluster_count / nullif(variances.cluster_count - 1, 0),
            cast(totals.independent_variance as double)
        )) / cast(totals.weight_sum as double), 6) as effect_standard_error
    from totals
    inner join variances using (touchpoint, segment_dimension, segment)
)

select * from final
