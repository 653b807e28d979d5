-- Observations of the KPIs of parcels: on time, how long, asked after.
with parcels as (
    select * from {{ ref('int_parcels__attributed') }}
),

messages as (
    select * from {{ ref('int_messages__identified') }}
    where purpose is distinct from 'survey'
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

-- an order is delivered with its last parcel
orders as (
    select
        order_key,
        customer_key,
        person_key,
        max(delivered_at) as delivered_at
    from parcels
    where customer_key is not null
    group by all
    having count(*) = count(delivered_at)
),

followed as (
    select distinct orders.order_key
    from orders
    inner join messages on orders.customer_key = messages.customer_key
    where
        messages.sent_at >= orders.delivered_at
        and messages.sent_at <= orders.delivered_at + interval '{{ var("follow_up_hours") }} hours'
),

unioned as (
    select
        'on_time_rate' as kpi_id,
        parcel_key as unit_key,
        customer_key,
        person_key,
        cast(promised_on as timestamp) as observed_at,
        promised_on as observed_on,
        cast(not is_late as integer) as numerator,
        false as is_open
    from parcels
    where is_due
    union all by name
    select
        'delivery_time' as kpi_id,
        parcels.parcel_key as unit_key,
        parcels.customer_key,
        parcels.person_key,
        parcels.ordered_at as observed_at,
        parcels.ordered_on as observed_on,
        {{ seconds_between(
            'parcels.ordered_at', 'coalesce(parcels.delivered_at, run_parameters.as_of_at)'
        ) }} / 86400.0 as numerator,
        parcels.delivered_at is null as is_open
    from parcels
    cross join run_parameters
    where parcels.ordered_at is not null
    union all by name
    select
        'follow_up_24h' as kpi_id,
        orders.order_key as unit_key,
        orders.customer_key,
        orders.person_key,
        orders.delivered_at as observed_at,
        {{ business_date('orders.delivered_at') }} as observed_on,
        cast(followed.order_key is not null as integer) as numerator,
        false as is_open
    from orders
    left join followed on orders.order_key = followed.order_key
),

final as (
    select
        * replace (cast(numerator as decimal(18, 4)) as numerator),
        cast(1 as decimal(18, 4)) as denominator
    from unioned
)

select * from final
