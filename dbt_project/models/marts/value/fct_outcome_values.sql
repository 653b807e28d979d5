-- What an outcome is worth per segment: the mean margin of an order (net revenue where goods cost is not known). A segment
-- with fewer orders than the minimum n takes the value of all customers, and says so.
with orders as (
    select * from {{ ref('int_orders__converted') }}
    where is_sale
),

coverage as (
    select coalesce(bool_or(has_goods_cost), false) as has_goods_cost from {{ ref('fct_customer_value') }}
),

valued as (
    select
        orders.customer_key,
        orders.ordered_on,
        orders.person_key,
        cast(
            orders.net_amount + orders.refund_amount
            - case when coverage.has_goods_cost then coalesce(orders.goods_cost_amount, 0) else 0 end
            as decimal(18, 4)
        ) as margin_amount,
        coverage.has_goods_cost
    from orders
    cross join coverage
),

segmented as (
    {{ by_segment('valued', 'ordered_on') }}
),

clusters as (
    select
        segment_dimension,
        segment,
        has_goods_cost,
        person_key,
        cast(sum(margin_amount) as decimal(18, 4)) as cluster_x,
        cast(count(*) as decimal(18, 4)) as cluster_n
    from segmented
    group by all
),

cells as (
    select
        segment_dimension,
        segment,
        has_goods_cost,
        {{ cluster_sums() }}
    from clusters
    group by all
),

means as (
    select
        segment_dimension,
        segment,
        has_goods_cost,
        cast(sum_n as bigint) as order_count,
        cast(cast(sum_x as double) / cast(sum_n as double) as decimal(18, 4)) as mean_amount,
        cast({{ ratio_half_width() }} / {{ z_95() }} as decimal(18, 4)) as mean_standard_error
    from cells
),

final as (
    select
        means.segment_dimension,
        means.segment,
        means.order_count,
        means.has_goods_cost,
        means.order_count < {{ var('minimum_n') }} as is_borrowed,
        case when means.order_count < {{ var('minimum_n') }} then whole.mean_amount else means.mean_amount end
            as outcome_value_amount,
        case
            when means.order_count < {{ var('minimum_n') }} then whole.mean_standard_error
            else means.mean_standard_error
        end as outcome_value_standard_error
    from means
    inner join means as whole on whole.segment_dimension = 'all'
)

select * from final
