-- Difference in differences per initiative and date (shift 0 the true one, the others placebos): the change of the KPI in
-- its segment less the mean change in the others, one change per segment. The error is the spread of the controls'
-- changes, t with one degree less than there are controls, and never less than chance within the segments.
with periods as (
    select * from {{ ref('int_initiative_periods__summed') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

observations as (
    select * from {{ ref('int_kpi_observations__placed') }}
),

-- no more people are behind an effect than in the smaller of its segment's two periods
persons as (
    select
        periods.initiative_id,
        least(
            count(distinct observations.person_number) filter (where observations.observed_on < periods.starts_on),
            count(distinct observations.person_number) filter (where observations.observed_on >= periods.starts_on)
        ) as customer_count
    from periods
    inner join kpis on periods.kpi_id = kpis.kpi_id
    inner join observations on kpis.kpi_number = observations.kpi_number
    inner join profiles
        on observations.profile = profiles.profile and periods.segment_dimension = profiles.segment_dimension
    where
        periods.shift = 0
        and periods.is_treated
        and abs(observations.observed_on - periods.starts_on) <= {{ var('initiative_period_days') }}
        and periods.segment = case
            when periods.segment_dimension = 'device' then coalesce(observations.device, profiles.segment)
            else profiles.segment
        end
    group by periods.initiative_id
),

rated as (
    select
        *,
        early_sum_n + late_sum_n as before_n,
        cast(early_sum_x + late_sum_x as double) / nullif(cast(early_sum_n + late_sum_n as double), 0) as before_rate,
        cast(post_sum_x as double) / nullif(cast(post_sum_n as double), 0) as after_rate,
        cast(late_sum_x as double) / nullif(cast(late_sum_n as double), 0)
        - cast(early_sum_x as double) / nullif(cast(early_sum_n as double), 0) as drift
    from periods
),

changes as (
    select
        *,
        after_rate - before_rate as change,
        (
            early_sum_xx + late_sum_xx - 2.0 * before_rate * (early_sum_xn + late_sum_xn)
            + power(before_rate, 2) * (early_sum_nn + late_sum_nn)
        ) / power(cast(before_n as double), 2)
        + (post_sum_xx - 2.0 * after_rate * post_sum_xn + power(after_rate, 2) * post_sum_nn)
        / power(cast(post_sum_n as double), 2) as change_variance
    from rated
    where
        least(early_person_count, late_person_count, post_person_count) >= {{ var('minimum_n') }} / 2
        and before_rate is not null and after_rate is not null and drift is not null
),

controls as (
    select
        initiative_id,
        shift,
        count(*) as control_count,
        {{ exact_mean('change') }} as control_change,
        {{ exact_deviation('change') }} as control_spread,
        {{ exact_mean('drift') }} as control_drift,
        {{ exact_deviation('drift') }} as drift_spread,
        cast(sum(cast(change_variance as decimal(28, 18))) as double) / power(count(*), 2) as control_variance
    from changes
    where not is_treated
    group by initiative_id, shift
),

final as (
    select
        treated.initiative_id,
        treated.shift,
        treated.begins_on,
        treated.name,
        treated.kpi_id,
        treated.segment_dimension,
        treated.segment,
        treated.starts_on,
        treated.cost_amount,
        treated.currency,
        treated.is_mature,
        cast(coalesce(persons.customer_count, 0) as bigint) as customer_count,
        cast(coalesce(controls.control_count, 0) as bigint) as control_count,
        round(treated.value_factor * treated.before_rate, 6) as before_value,
        round(treated.value_factor * treated.after_rate, 6) as after_value,
        round(treated.value_factor * controls.control_change, 6) as control_change,
        round(treated.value_factor * (treated.change - controls.control_change), 6) as effect,
        round(treated.value_factor * greatest(
            controls.control_spread * sqrt(1.0 + 1.0 / controls.control_count),
            sqrt(greatest(0.0, treated.change_variance + controls.control_variance))
        ), 9) as effect_standard_error,
        round(treated.value_factor * (treated.drift - controls.control_drift), 6) as pre_trend,
        round(treated.value_factor * controls.drift_spread * sqrt(1.0 + 1.0 / controls.control_count), 9)
            as pre_trend_standard_error,
        cast(treated.outcomes_per_unit * treated.post_sum_n / treated.value_factor as double) as outcomes_per_point
    from changes as treated
    left join controls on treated.initiative_id = controls.initiative_id and treated.shift = controls.shift
    left join persons on treated.initiative_id = persons.initiative_id
    where treated.is_treated
)

select * from final
