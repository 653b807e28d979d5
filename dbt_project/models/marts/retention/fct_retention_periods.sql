-- Whether a customer was active at the start and at the end of each month. Active at a day = a purchase in the activity
-- window before it, or a contract in force on the day before it. A month is looked at once its window lies wholly inside
-- the history, the month is over and orders were delivered up to its end: a missing extract is no churn.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

observed as (
    {{ observed_until('orders') }}
),

contracts as (
    select * from {{ ref('int_contracts_in_force__dated') }}
),

activity_windows as (
    select cast(unnest({{ var('activity_windows_days') }}) as integer) as activity_window_days
),

-- From the day after a purchase, for as long as the window is; from the day after a contract begins to that after its end.
spells as (
    select
        *,
        min(first_day) over (partition by customer_key) as first_on
    from (
        select
            orders.customer_key,
            activity_windows.activity_window_days,
            orders.ordered_on as first_day,
            orders.ordered_on + 1 as active_from,
            orders.ordered_on + activity_windows.activity_window_days as active_until
        from orders
        cross join activity_windows
        where orders.is_purchase and orders.customer_key is not null
        union all
        select
            contracts.customer_key,
            activity_windows.activity_window_days,
            contracts.in_force_from as first_day,
            contracts.in_force_from + 1 as active_from,
            contracts.in_force_until + 1 as active_until
        from contracts
        cross join activity_windows
    )
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
        spells.customer_key,
        bool_or(periods.period_start between spells.active_from and spells.active_until) as is_active_at_start,
        bool_or(periods.period_end between spells.active_from and spells.active_until) as is_active_at_end,
        bool_and(spells.first_on >= periods.period_start) as is_new
    from periods
    inner join spells
        on
            periods.activity_window_days = spells.activity_window_days
            and spells.active_from <= periods.period_end
            and spells.active_until >= periods.period_start
    group by all
),

final as (
    select
        period_start,
        activity_window_days,
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
