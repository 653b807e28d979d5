-- How long each customer stayed: days from the first purchase to the start of the first gap longer than the activity
-- window, or to the end of follow-up, which is the window before the last day known for everybody.
with days as (
    select * from {{ ref('int_purchase_days__valued') }}
),

observed as (
    {{ observed_until('orders') }}
),

activity_windows as (
    select cast(unnest({{ var('activity_windows_days') }}) as integer) as activity_window_days
),

gaps as (
    select
        days.customer_key,
        activity_windows.activity_window_days,
        min(days.purchased_on) over (partition by days.customer_key) as first_purchase_on,
        days.purchased_on as gap_start,
        coalesce(
            lead(days.purchased_on) over (
                partition by days.customer_key, activity_windows.activity_window_days order by days.purchased_on
            ),
            date '9999-12-31'
        ) as gap_end,
        observed.last_day - activity_windows.activity_window_days as followed_until
    from days
    cross join activity_windows
    cross join observed
    where days.purchased_on <= observed.last_day
),

final as (
    select
        customer_key,
        activity_window_days,
        first_purchase_on,
        cast(coalesce(
            min(gap_start) filter (where gap_end - gap_start > activity_window_days and gap_start <= followed_until),
            any_value(followed_until)
        ) - first_purchase_on as integer) as followed_days,
        count(*) filter (where gap_end - gap_start > activity_window_days and gap_start <= followed_until) > 0
            as has_left
    from gaps
    where first_purchase_on <= followed_until
    group by customer_key, activity_window_days, first_purchase_on
)

select * from final
