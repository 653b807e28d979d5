-- Whether a customer bought in each month since the month of the first purchase, as far as orders were delivered.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

observed as (
    {{ observed_until('orders') }}
),

purchase_months as (
    select
        customer_key,
        cast(date_trunc('month', ordered_on) as date) as purchase_month,
        min(ordered_on) as first_day
    from orders
    where is_purchase and customer_key is not null
    group by all
),

cohorts as (
    select
        customer_key,
        min(purchase_month) as cohort_month,
        min(first_day) as first_purchase_on
    from purchase_months
    group by customer_key
),

months as (
    {{ month_rows(
        '(select min(cohort_month) from cohorts)',
        "(select date_trunc('month', last_day) from observed)"
    ) }}
),

final as (
    select
        cohorts.customer_key,
        cohorts.cohort_month,
        cohorts.first_purchase_on,
        cast(date_diff('month', cohorts.cohort_month, months.month_start) as integer) as months_since_first_order,
        purchase_months.customer_key is not null as is_active,
        cast(months.month_start + interval 1 month as date) + {{ var('lateness_allowance_days') }}
        <= observed.last_day + 1 as is_mature
    from cohorts
    inner join months on cohorts.cohort_month <= months.month_start
    cross join observed
    left join purchase_months
        on cohorts.customer_key = purchase_months.customer_key and months.month_start = purchase_months.purchase_month
)

select * from final
