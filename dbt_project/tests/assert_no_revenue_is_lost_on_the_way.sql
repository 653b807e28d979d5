-- Harm prevented: an order that falls out between the door and the tables (no rate, no customer, a join that drops or
-- doubles it) is revenue nobody misses.
select
    orders.order_id,
    converted.order_id is null as is_lost
from {{ ref('stg_crm__orders') }} as orders
full outer join {{ ref('int_orders__converted') }} as converted on orders.order_id = converted.order_id
where
    orders.order_id is null
    or converted.order_id is null
    or (orders.currency = '{{ var("reporting_currency") }}' and orders.net_amount <> converted.net_amount)
union all
select
    null as order_id,
    true as is_lost
from {{ ref('int_orders__converted') }}
having count(*) <> (select count(*) from {{ ref('stg_crm__orders') }})
