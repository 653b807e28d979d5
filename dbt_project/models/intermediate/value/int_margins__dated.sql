-- What a customer left with the company on each business day, refunds and adjustments on their own day, and what goods and
-- service cost; costs of a kind that is not known are none.
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

contacts as (
    select * from {{ ref('stg_crm__interactions') }}
),

unit_costs as (
    select * from {{ ref('service_costs') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
    where is_known
),

costs as (
    select * from {{ ref('int_costs__assessed') }}
),

traded as (
    select
        customer_key,
        ordered_on as day,
        cast(sum(net_amount) as decimal(18, 4)) as net_amount,
        cast(coalesce(sum(goods_cost_amount), 0) as decimal(18, 4)) as goods_cost_amount
    from orders
    where customer_key is not null
    group by all
),

served as (
    select
        coalesce(by_number.customer_key, by_address.customer_key, by_phone.customer_key) as customer_key,
        {{ business_date('contacts.opened_at') }} as day,
        cast(sum(coalesce(unit_costs.unit_cost_amount, 0)) as decimal(18, 4)) as service_cost_amount
    from contacts
    inner join unit_costs on contacts.channel = unit_costs.channel
    left join identifiers as by_number
        on by_number.identifier_type = 'crm' and contacts.customer_id = by_number.identifier
    left join identifiers as by_address
        on by_address.identifier_type = 'email' and contacts.email_hash = by_address.identifier
    left join identifiers as by_phone
        on by_phone.identifier_type = 'phone' and contacts.phone_hash = by_phone.identifier
    where
        contacts.direction = 'inbound'
        and coalesce(by_number.customer_key, by_address.customer_key, by_phone.customer_key) is not null
    group by all
),

final as (
    select
        coalesce(traded.customer_key, served.customer_key) as customer_key,
        coalesce(traded.day, served.day) as day,
        coalesce(traded.net_amount, 0) as net_amount,
        case when costs.has_goods_cost then coalesce(traded.goods_cost_amount, 0) else 0 end as goods_cost_amount,
        case when costs.has_service_cost then coalesce(served.service_cost_amount, 0) else 0 end
            as service_cost_amount
    from traded
    full outer join served on traded.customer_key = served.customer_key and traded.day = served.day
    cross join costs
)

select
    customer_key,
    day,
    cast(net_amount as decimal(18, 4)) as net_amount,
    cast(goods_cost_amount as decimal(18, 4)) as goods_cost_amount,
    cast(service_cost_amount as decimal(18, 4)) as service_cost_amount,
    cast(net_amount - goods_cost_amount - service_cost_amount as decimal(18, 4)) as margin_amount
from final
