-- Observations of what a customer touched in the days before an order: kinds of information, and touchpoints in all.
with orders as (
    select * from {{ ref('int_orders__converted') }}
    where is_sale and customer_key is not null
),

buyers as (
    select distinct customer_key from orders
),

registry as (
    select * from {{ ref('touchpoints') }}
),

touched as (
    select
        touchpoints.customer_key,
        touchpoints.occurred_at,
        case when registry.is_information_source then touchpoints.touchpoint end as source
    from {{ ref('int_touchpoints__sessionized') }} as touchpoints
    inner join buyers on touchpoints.customer_key = buyers.customer_key
    inner join registry on touchpoints.touchpoint = registry.touchpoint
    where touchpoints.touchpoint not in ('order', 'order_confirmation')
),

counted as (
    select
        orders.order_key,
        count(*) as touchpoint_count,
        count(distinct touched.source) as source_count
    from orders
    inner join touched on orders.customer_key = touched.customer_key
    where
        touched.occurred_at < orders.ordered_at
        and touched.occurred_at >= orders.ordered_at - interval '{{ var("before_purchase_days") }} days'
    group by orders.order_key
),

final as (
    select
        kpis.kpi_id,
        orders.order_key as unit_key,
        orders.customer_key,
        orders.person_key,
        orders.ordered_at as observed_at,
        orders.ordered_on as observed_on,
        cast(coalesce(
            case kpis.kpi_id
                when 'sources_before_purchase' then counted.source_count
                else counted.touchpoint_count
            end, 0
        ) as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator
    from orders
    cross join (select unnest(['sources_before_purchase', 'touchpoints_before_purchase']) as kpi_id) as kpis
    left join counted on orders.order_key = counted.order_key
)

select * from final
