-- What the average customer of a segment has brought in by the end of each month after being won, with its standard error.
-- A month counts the customers who were there for all of it. The error is that of a grouped jackknife: customers fall into
-- folds, every fold is left out once, months of one customer depend on each other as they will (Efron and Stein 1981).
with customers as (
    select * from {{ ref('int_acquired_customers__segmented') }}
),

margins as (
    select * from {{ ref('int_margins__dated') }}
),

everybody as (
    select
        customer_key,
        acquired_on
    from customers
    where segment_dimension = 'all'
),

monthly as (
    select
        everybody.customer_key,
        (margins.day - everybody.acquired_on) * 4 // 121 as month,
        cast(sum(margins.margin_amount) as decimal(18, 4)) as margin_amount
    from margins
    inner join everybody on margins.customer_key = everybody.customer_key
    where margins.day >= everybody.acquired_on
    group by all
),

earned as (
    select
        customers.segment_dimension,
        customers.segment,
        customers.fold,
        monthly.month,
        sum(monthly.margin_amount) as margin_amount
    from customers
    inner join monthly on customers.customer_key = monthly.customer_key and customers.whole_months > monthly.month
    group by all
),

ages as (
    select
        segment_dimension,
        segment,
        fold,
        whole_months,
        count(*) as customer_count
    from customers
    group by all
),

present as (
    select
        segment_dimension,
        segment,
        fold,
        cast(unnest(range(0, whole_months)) as integer) as month,
        customer_count
    from ages
),

folds as (
    select
        present.segment_dimension,
        present.segment,
        present.fold,
        present.month,
        sum(present.customer_count) as customer_count,
        cast(coalesce(any_value(earned.margin_amount), 0) as decimal(28, 4)) as margin_amount
    from present
    left join earned using (segment_dimension, segment, fold, month)
    group by all
),

months as (
    select
        segment_dimension,
        segment,
        month,
        cast(sum(customer_count) as bigint) as customer_count,
        sum(margin_amount) as margin_amount
    from folds
    group by all
),

{{ jackknifed('months', 'folds') }}

select * from final
