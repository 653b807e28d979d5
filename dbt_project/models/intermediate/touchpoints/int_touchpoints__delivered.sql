-- Touchpoints of parcels and returns; they are those of the customer who placed the order. A parcel is late from the end
-- of its promised day on.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
with orders as (
    select * from {{ ref('int_orders__converted') }}
),

deliveries as (
    select
        *,
        case
            when delivered_at is null or delivered_at >= {{ business_midnight('promised_on + 1') }}
                then {{ business_midnight('promised_on + 1') }}
        end as delayed_at
    from {{ ref('stg_crm__deliveries') }}
    where {{ touchpoint_scope('delivery_id', 'deliveries') }}
),

returns as (
    select * from {{ ref('stg_crm__returns') }}
    where {{ touchpoint_scope('return_id', 'returns') }}
),

delivered as (
    {{ moments_of(
        'deliveries', 'deliveries', 'delivery_id',
        {
            'shipped': 'shipped_at', 'delay_announced': 'delay_announced_at', 'delayed': 'delayed_at',
            'delivered': 'delivered_at'
        },
        ['order_id', 'extract_date']
    ) }}
),

returned as (
    {{ moments_of(
        'returns', 'returns', 'return_id',
        {'requested': 'requested_at', 'received': 'received_at', 'refunded': 'refunded_at'},
        ['order_id', 'extract_date']
    ) }}
),

moments as (
    select * from delivered
    union all
    select * from returned
),

final as (
    select
        moments.*,
        orders.customer_key,
        orders.customer_key is not null as is_known,
        case
            when moments.source_value in ('delay_announced', 'requested') then 'unknown'
            when moments.source_value = 'refunded' then 'back_office'
            else 'carrier'
        end as channel
    from moments
    left join orders on moments.order_id = orders.order_id
)

select * from final
