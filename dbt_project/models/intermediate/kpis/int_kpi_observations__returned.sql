-- Observations of the KPIs of returns: pieces that come back of those delivered, and how long the money takes.
with parcels as (
    select * from {{ ref('int_parcels__attributed') }}
    where order_key is not null
),

items as (
    select * from {{ ref('stg_crm__order_items') }}
    where quantity > 0
),

returns as (
    select * from {{ ref('stg_crm__returns') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

-- an order is delivered with its last parcel
delivered as (
    select
        order_id,
        order_key,
        customer_key,
        person_key,
        max(delivered_at) as delivered_at
    from parcels
    group by all
    having count(*) = count(delivered_at)
),

pieces as (
    select
        order_id,
        sum(quantity) as piece_count
    from items
    group by order_id
),

taken_back as (
    select
        delivered.order_id,
        -- a return that does not say how much is one piece
        sum(coalesce(returns.quantity, 1)) as piece_count
    from delivered
    inner join returns on delivered.order_id = returns.order_id
    where returns.requested_at <= delivered.delivered_at + interval '{{ var("return_days") }} days'
    group by delivered.order_id
),

unioned as (
    select
        'return_rate' as kpi_id,
        delivered.order_key as unit_key,
        delivered.customer_key,
        delivered.person_key,
        delivered.delivered_at as observed_at,
        least(coalesce(taken_back.piece_count, 0), pieces.piece_count) as numerator,
        pieces.piece_count as denominator,
        false as is_open
    from delivered
    inner join pieces on delivered.order_id = pieces.order_id
    left join taken_back on delivered.order_id = taken_back.order_id
    union all by name
    select
        'refund_time' as kpi_id,
        {{ surrogate_key(["'return'", 'returns.return_id']) }} as unit_key,
        orders.customer_key,
        coalesce(orders.person_key, {{ surrogate_key(["'guest'", 'returns.order_id']) }}) as person_key,
        returns.requested_at as observed_at,
        {{ seconds_between(
            'returns.requested_at', 'coalesce(returns.refunded_at, run_parameters.as_of_at)'
        ) }} / 86400.0 as numerator,
        1 as denominator,
        returns.refunded_at is null as is_open
    from returns
    left join orders on returns.order_id = orders.order_id
    cross join run_parameters
),

{{ observed('unioned') }}

select * from final
