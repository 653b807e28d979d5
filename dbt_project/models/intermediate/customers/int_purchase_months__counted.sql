-- What a customer had bought in the window before each month start, as known then; months without a purchase have no row.
with days as (
    select * from {{ ref('int_purchase_days__lasting') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

months as (
    {{ month_rows(
        '(select min(counts_from) from days)',
        "(select date_trunc('month', as_of_date) from run_parameters)"
    ) }}
),

bought as (
    select
        days.customer_key,
        months.month_start,
        count(*) as purchase_day_count,
        max(days.purchased_on) as last_purchased_on
    from days
    inner join months
        on
            months.month_start >= days.counts_from
            and months.month_start < days.counts_until
            and months.month_start <= days.purchased_on + {{ var('segment_window_days') }}
    group by days.customer_key, months.month_start
),

-- every movement of money counts on its own day: a refund lowers the months after it, not those before
daily as (
    select
        customer_key,
        ordered_on,
        sum(net_amount) as net_amount
    from orders
    where customer_key is not null
    group by customer_key, ordered_on
),

spent as (
    select
        daily.customer_key,
        months.month_start,
        cast(sum(daily.net_amount) as decimal(18, 4)) as revenue_amount
    from daily
    inner join months
        on
            months.month_start > daily.ordered_on
            and months.month_start <= daily.ordered_on + {{ var('segment_window_days') }}
    group by daily.customer_key, months.month_start
),

final as (
    select
        bought.customer_key,
        bought.month_start,
        bought.purchase_day_count,
        bought.last_purchased_on,
        spent.revenue_amount
    from bought
    inner join spent
        on bought.customer_key = spent.customer_key and bought.month_start = spent.month_start
)

select * from final
