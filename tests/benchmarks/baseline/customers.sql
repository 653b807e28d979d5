-- Repeat purchase days, recency, age and spend per customer, up to the last day known and to the cut of the hold-out. Reads
-- `days` and `settings`.
create table customers as
select
    customer_key,
    count(*) - 1 as repeat_count,
    max(purchased_on) - min(purchased_on) as recency_days,
    any_value(as_of_date) - min(purchased_on) as age_days,
    sum(expected_value_amount) filter (where purchase_day_number > 1) as repeat_amount,
    sum(value_amount) filter (where purchase_day_number > 1) as unscaled_repeat_amount,
    count(*) filter (where purchased_on <= calibration_ends_on) - 1 as calibration_repeat_count,
    max(purchased_on) filter (where purchased_on <= calibration_ends_on) - min(purchased_on) as calibration_recency_days,
    any_value(calibration_ends_on) - min(purchased_on) as calibration_age_days,
    count(*) filter (where purchased_on > calibration_ends_on) as holdout_repeat_count,
    coalesce(sum(value_amount) filter (where purchased_on > calibration_ends_on), 0) as holdout_value_amount
from days
cross join settings
where purchased_on <= as_of_date
group by customer_key;
