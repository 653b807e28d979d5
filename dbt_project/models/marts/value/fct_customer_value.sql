-- What each customer who ever bought has left with the company to date, and what that cost, as far as costs are known.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

margins as (
    select * from {{ ref('int_margins__dated') }}
),

acquisitions as (
    select * from {{ ref('int_acquisition_costs__attributed') }}
),

costs as (
    select * from {{ ref('int_costs__assessed') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

buyers as (
    select
        customer_key,
        min(ordered_on) filter (where is_sale) as first_order_on,
        count(*) filter (where is_purchase) as purchase_count
    from orders
    where customer_key is not null
    group by customer_key
    having count(*) filter (where is_sale) > 0
),

kept as (
    select
        customer_key,
        cast(sum(net_amount) as decimal(18, 4)) as net_revenue_amount,
        cast(sum(goods_cost_amount) as decimal(18, 4)) as goods_cost_amount,
        cast(sum(service_cost_amount) as decimal(18, 4)) as service_cost_amount
    from margins
    group by customer_key
),

final as (
    select
        buyers.customer_key,
        buyers.first_order_on,
        cast(greatest(1, run_parameters.as_of_date + 1 - buyers.first_order_on) as bigint) as relationship_days,
        buyers.purchase_count,
        kept.net_revenue_amount,
        kept.goods_cost_amount,
        kept.service_cost_amount,
        acquisitions.acquisition_cost_amount,
        cast(
            kept.goods_cost_amount + kept.service_cost_amount + coalesce(acquisitions.acquisition_cost_amount, 0)
            as decimal(18, 4)
        ) as costs_amount,
        costs.has_goods_cost,
        costs.costs_included,
        run_parameters.as_of_date
    from buyers
    inner join kept on buyers.customer_key = kept.customer_key
    cross join costs
    cross join run_parameters
    left join acquisitions on buyers.customer_key = acquisitions.customer_key
)

select * from final
