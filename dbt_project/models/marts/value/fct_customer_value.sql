-- What each customer who ever bought has left with the company to date, and what the goods cost.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

goods_cost_coverage as (
    select
        coalesce(
            sum(costed_line_count) >= {{ var('goods_cost_coverage_minimum') }} * sum(greatest(line_count, 1)), false
        )
        and coalesce(sum(costed_line_count), 0) > 0 as has_goods_cost
    from orders
    where order_type <> 'adjustment'
),

customers as (
    select
        customer_key,
        min(ordered_on) filter (where is_sale) as first_order_on,
        cast(sum(net_amount) as decimal(18, 4)) as net_revenue_amount,
        cast(coalesce(sum(goods_cost_amount), 0) as decimal(18, 4)) as goods_cost_amount,
        count(*) filter (where is_purchase) as purchase_count
    from orders
    where customer_key is not null
    group by customer_key
    having count(*) filter (where is_sale) > 0
),

final as (
    select
        customers.customer_key,
        customers.first_order_on,
        greatest(1, run_parameters.as_of_date + 1 - customers.first_order_on) as relationship_days,
        customers.purchase_count,
        customers.net_revenue_amount,
        case when goods_cost_coverage.has_goods_cost then customers.goods_cost_amount else 0 end as costs_amount,
        goods_cost_coverage.has_goods_cost,
        run_parameters.as_of_date
    from customers
    cross join goods_cost_coverage
    cross join run_parameters
)

select
    * replace (
        cast(relationship_days as bigint) as relationship_days,
        cast(costs_amount as decimal(18, 4)) as costs_amount
    )
from final
