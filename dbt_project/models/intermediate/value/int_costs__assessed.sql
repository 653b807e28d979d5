-- Which kinds of cost are known, so that value is net of them: goods where nearly every order line has a cost, service
-- where contacts are delivered and a channel has a unit cost, acquisition where marketing costs are delivered.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

availability as (
    select * from {{ source('landing', 'table_availability') }}
),

service_costs as (
    select * from {{ ref('service_costs') }}
),

goods as (
    select
        coalesce(
            sum(costed_line_count) >= {{ var('goods_cost_coverage_minimum') }} * sum(greatest(line_count, 1)), false
        )
        and coalesce(sum(costed_line_count), 0) > 0 as has_goods_cost
    from orders
    where order_type <> 'adjustment'
),

service as (
    select
        coalesce((select bool_or(is_available) from availability where table_name = 'interactions'), false)
        and coalesce((select bool_or(unit_cost_amount > 0) from service_costs), false) as has_service_cost
),

acquisition as (
    select
        coalesce((select bool_or(is_available) from availability where table_name = 'marketing_costs'), false)
            as has_acquisition_cost
),

final as (
    select
        goods.has_goods_cost,
        service.has_service_cost,
        acquisition.has_acquisition_cost,
        coalesce(nullif(concat_ws(
            ', ',
            case when goods.has_goods_cost then 'goods' end,
            case when service.has_service_cost then 'service' end,
            case when acquisition.has_acquisition_cost then 'acquisition' end
        ), ''), 'none') as costs_included
    from goods
    cross join service
    cross join acquisition
)

select * from final
