-- Observations of complaints per order. A complaint is a case in which one was made, however often; it belongs to the
-- order it names, else to the last order of its customer in the declared days before.
with orders as (
    select * from {{ ref('int_orders__converted') }}
    where is_sale
),

cases as (
    select * from {{ ref('int_cases__built') }}
    where is_complaint
),

named as (
    select
        orders.order_key,
        cases.case_key
    from cases
    inner join orders on cases.order_id = orders.order_id
    where
        cases.opened_at >= orders.ordered_at
        and cases.opened_at <= orders.ordered_at + interval '{{ var("complaint_days") }} days'
),

guessed as (
    select
        orders.order_key,
        cases.case_key
    from cases
    inner join orders on cases.customer_key = orders.customer_key
    where
        cases.order_id is null
        and cases.opened_at >= orders.ordered_at
        and cases.opened_at <= orders.ordered_at + interval '{{ var("complaint_days") }} days'
    qualify row_number() over (
        partition by cases.case_key order by orders.ordered_at desc, orders.order_key asc
    ) = 1
),

counted as (
    select
        order_key,
        count(*) as complaint_count
    from (
        select * from named
        union all
        select * from guessed
    )
    group by order_key
),

final as (
    select
        'complaint_rate' as kpi_id,
        orders.order_key as unit_key,
        orders.customer_key,
        orders.person_key,
        orders.ordered_at as observed_at,
        orders.ordered_on as observed_on,
        cast(coalesce(counted.complaint_count, 0) as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator
    from orders
    left join counted on orders.order_key = counted.order_key
)

select * from final
