-- Whether a customer was active at the start and at the end of each month. Active at a day = a purchase in the activity
-- window before it. A month is looked at once its window lies wholly inside the history, the month is over and orders
-- were delivered up to its end: a missing extract is no churn.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

observed as (
    {{ observed_until('orders') }}
),

activity_windows as (
    select unnest({{ var('activity_windows_days') }}) as activity_window_days
),

purchase_days as (
    select
        customer_key,
        ordered_on,
        min(ordered_on) over (partition by customer_key) as first_purchase_on
    from orders
    where is_purchase and customer_key is not null
    group by customer_key, ordered_on
),

history as (
    select
        cast(date_trunc('month', min(ordered_on)) as date) as first_month,
        min(ordered_on) as first_day
    from orders
),

months as (
    {{ month_rows('(select first_month from history)', '(select last_day from observed)') }}
),

periods as (
    select
        months.month_start as period_start,
        cast(months.month_start + interval 1 month as date) as period_end,
        activity_windows.activity_window_days,
        months.month_start - activity_windows.activity_window_days as start_window_from,
        cast(months.month_start + interval 1 month as date) - activity_windows.activity_window_days as end_window_from,
        cast(months.month_start + interval 1 month as date) + {{ var('lateness_allowance_days') }}
        <= observed.last_day + 1 as is_mature
    from months
    cross join activity_windows
    cross join history
    cross join observed
    where
        months.month_start - activity_windows.activity_window_days > history.first_day
        and cast(months.month_start + interval 1 month as date) <= observed.last_day + 1
),

active as (
    select
        periods.period_start,
        periods.activity_window_days,
        periods.is_mature,
        purchase_days.customer_key,
        bool_or(
            purchase_days.ordered_on >= periods.start_window_from and purchase_days.ordered_on < periods.period_start
        ) as is_active_at_start,
        bool_or(
            purchase_days.ordered_on >= periods.end_window_from and purchase_days.ordered_on < periods.period_end
        ) as is_active_at_end,
        bool_and(purchase_days.first_purchase_on >= periods.period_start) as is_new
    from periods
    inner join purchase_days
        on
            purchase_days.ordered_on >= periods.start_window_from
            and purchase_days.ordered_on < periods.period_end
    group by all
),

final as (
    select
        period_start,
        cast(activity_window_days as integer) as activity_window_days,
        customer_key,
        is_active_at_start,
        is_active_at_end,
        is_active_at_start and is_active_at_end as is_retained,
        is_active_at_end and not is_active_at_start and is_new as is_new,
        is_active_at_end and not is_active_at_start and not is_new as is_reactivated,
        is_mature
    from active
    where is_active_at_start or is_active_at_end
)

select * from final
