-- The weeks, months and quarters a customer bought in, counted from that of the first purchase. Weeks are kept for the
-- last cohorts and their first half year only: there are many. A cohort is kept whole or not at all.
with days as (
    select * from {{ ref('int_purchase_days__valued') }}
),

observed as (
    {{ observed_until('orders') }}
),

grains as (
    select unnest(['week', 'month', 'quarter']) as cohort_grain
),

firsts as (
    select
        customer_key,
        purchased_on as first_purchase_on
    from days
    where purchase_day_number = 1
),

placed as (
    select
        days.customer_key,
        grains.cohort_grain,
        firsts.first_purchase_on,
        cast(date_trunc(grains.cohort_grain, firsts.first_purchase_on) as date) as cohort_start,
        cast(case grains.cohort_grain
            -- date_diff counts spans of seven days from the first day, not the weeks of the calendar
            when 'week'
                then (
                    cast(date_trunc('week', days.purchased_on) as date)
                    - cast(date_trunc('week', firsts.first_purchase_on) as date)
                ) // 7
            when 'month' then date_diff('month', firsts.first_purchase_on, days.purchased_on)
            else date_diff('quarter', firsts.first_purchase_on, days.purchased_on)
        end as integer) as periods_since_first_order,
        days.value_amount
    from days
    inner join firsts on days.customer_key = firsts.customer_key
    cross join grains
    cross join observed
    where
        days.purchased_on <= observed.last_day
        and (
            grains.cohort_grain <> 'week'
            or cast(date_trunc('week', firsts.first_purchase_on) as date)
            > cast(date_trunc('week', observed.last_day) as date) - 7 * {{ var('cohort_week_cohorts_maximum') }}
        )
),

final as (
    select
        customer_key,
        cohort_grain,
        cohort_start,
        first_purchase_on,
        periods_since_first_order,
        cast(sum(value_amount) as decimal(18, 4)) as value_amount
    from placed
    where cohort_grain <> 'week' or periods_since_first_order <= {{ var('cohort_weeks_maximum') }}
    group by all
)

select * from final
