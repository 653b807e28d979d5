-- Customers with two order days or more among all who ever bought, at the end of each month of the last year or so.
with days as (
    select * from {{ ref('int_purchase_days__valued') }}
),

observed_orders as (
    {{ observed_until('orders') }}
),

customers as (
    select
        customer_key,
        min(purchased_on) as first_on,
        min(purchased_on) filter (where purchase_day_number = 2) as second_on
    from days
    group by customer_key
),

months as (
    {{ month_rows(
        "(select date_trunc('month', last_day) - interval 13 month from observed_orders)",
        "(select date_trunc('month', last_day) from observed_orders)"
    ) }}
),

periods as (
    select
        months.month_start as period_start,
        cast(months.month_start + interval 1 month as date) as period_until,
        cast(months.month_start + interval 1 month as date) + {{ var('lateness_allowance_days') }}
        <= observed_orders.last_day + 1 as is_mature
    from months
    cross join observed_orders
    where cast(months.month_start + interval 1 month as date) <= observed_orders.last_day + 1
),

known as (
    select
        customers.customer_key,
        periods.period_start,
        periods.is_mature,
        coalesce(customers.second_on < periods.period_until, false) as is_repeat
    from periods
    inner join customers on periods.period_until > customers.first_on
),

segmented as (
    {{ by_segment('known', 'period_start') }}
),

counted as (
    select
        'repeat_rate' as kpi_id,
        period_start,
        segment_dimension,
        segment,
        is_mature,
        count(*) filter (where is_repeat) as successes,
        count(*) as n
    from segmented
    group by all
),

{{ given_proportions('counted') }}

select * from final
