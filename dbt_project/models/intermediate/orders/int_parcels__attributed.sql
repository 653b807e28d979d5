-- Parcels with the order they carry and who waits for them. A parcel of an order nobody knows is waited for by somebody.
with deliveries as (
    select * from {{ ref('stg_crm__deliveries') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

final as (
    select
        {{ surrogate_key(["'parcel'", 'deliveries.delivery_id']) }} as parcel_key,
        deliveries.order_id,
        orders.order_key,
        orders.customer_key,
        coalesce(orders.person_key, {{ surrogate_key(["'guest'", 'deliveries.order_id']) }}) as person_key,
        orders.ordered_at,
        orders.ordered_on,
        deliveries.shipped_at,
        deliveries.promised_on,
        deliveries.delivered_at,
        deliveries.delivered_on,
        deliveries.delay_announced_at,
        deliveries.promised_on <= run_parameters.as_of_date as is_due,
        deliveries.promised_on <= run_parameters.as_of_date
        and coalesce(deliveries.delivered_on > deliveries.promised_on, true) as is_late
    from deliveries
    left join orders on deliveries.order_id = orders.order_id
    cross join run_parameters
)

select * from final
