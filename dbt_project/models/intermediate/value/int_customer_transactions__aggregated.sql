-- What the models of repeat buying are fitted on: per customer the repeat purchase days (x), the day of the last (t_x) and
-- the age (T), in days, up to the last day known and up to the cut of the hold-out; spend is the mean of repeat days.
with days as (
    select * from {{ ref('int_purchase_days__valued') }}
),

settings as (
    select * from {{ ref('int_value_settings__derived') }}
),

margins as (
    select * from {{ ref('int_margins__dated') }}
),

groups as (
    select * from {{ ref('int_fit_groups__assigned') }}
),

rates as (
    select * from {{ ref('int_fit_groups__rated') }}
),

recent_margins as (
    select
        margins.customer_key,
        cast(sum(margins.margin_amount) as decimal(18, 4)) as margin_amount
    from margins
    cross join settings
    where margins.day > settings.as_of_date - 365
    group by margins.customer_key
),

counted as (
    select
        days.customer_key,
        count(*) - 1 as repeat_count,
        max(days.purchased_on) - min(days.purchased_on) as recency_days,
        any_value(settings.as_of_date) - min(days.purchased_on) as age_days,
        sum(days.expected_value_amount) filter (where days.purchase_day_number > 1) as repeat_amount,
        sum(days.value_amount) filter (where days.purchase_day_number > 1) as unscaled_repeat_amount,
        min(days.purchased_on) <= any_value(settings.calibration_ends_on) as is_calibrated,
        count(*) filter (where days.purchased_on <= settings.calibration_ends_on) - 1 as calibration_repeat_count,
        max(days.purchased_on) filter (where days.purchased_on <= settings.calibration_ends_on)
        - min(days.purchased_on) as calibration_recency_days,
        any_value(settings.calibration_ends_on) - min(days.purchased_on) as calibration_age_days,
        sum(days.value_amount) filter (
            where days.purchase_day_number > 1 and days.purchased_on <= settings.calibration_ends_on
        ) as calibration_repeat_amount,
        count(*) filter (where days.purchased_on > settings.calibration_ends_on) as holdout_repeat_count,
        coalesce(sum(days.value_amount) filter (where days.purchased_on > settings.calibration_ends_on), 0)
            as holdout_value_amount
    from days
    cross join settings
    where days.purchased_on <= settings.as_of_date
    group by days.customer_key
),

final as (
    select
        counted.customer_key,
        groups.fit_group,
        cast(counted.repeat_count as bigint) as repeat_count,
        cast(counted.recency_days as double) as recency_days,
        cast(counted.age_days as double) as age_days,
        cast(counted.repeat_amount / nullif(counted.repeat_count, 0) as decimal(18, 4)) as repeat_spend_mean_amount,
        case when counted.is_calibrated then cast(counted.calibration_repeat_count as bigint) end
            as calibration_repeat_count,
        case when counted.is_calibrated then cast(counted.calibration_recency_days as double) end
            as calibration_recency_days,
        case when counted.is_calibrated then cast(counted.calibration_age_days as double) end as calibration_age_days,
        case
            when counted.is_calibrated
                then cast(
                    counted.calibration_repeat_amount / nullif(counted.calibration_repeat_count, 0) as decimal(18, 4)
                )
        end as calibration_repeat_spend_mean_amount,
        case when counted.is_calibrated then cast(counted.holdout_repeat_count as bigint) end as holdout_repeat_count,
        case when counted.is_calibrated then cast(counted.holdout_value_amount as decimal(18, 4)) end
            as holdout_value_amount,
        coalesce(recent_margins.margin_amount, 0) as last_12m_margin_amount,
        rates.margin_rate,
        coalesce(round(
            cast(counted.repeat_amount as double) / nullif(cast(counted.unscaled_repeat_amount as double), 0), 6
        ), 1.0) as refund_scale,
        rates.annual_retention_rate
    from counted
    inner join groups on counted.customer_key = groups.customer_key
    inner join rates on groups.fit_group = rates.fit_group
    left join recent_margins on counted.customer_key = recent_margins.customer_key
)

select * from final
