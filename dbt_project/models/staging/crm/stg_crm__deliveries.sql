-- The latest version of each parcel as of the run.
with latest as (
    {{ latest_landed('deliveries') }}
),

final as (
    select
        delivery_id,
        _extract_date as extract_date,
        order_id,
        shipped_at,
        {{ business_date('shipped_at') }} as shipped_on,
        promised_on,
        delivered_at,
        {{ business_date('delivered_at') }} as delivered_on,
        delay_announced_at,
        {{ business_date('delay_announced_at') }} as delay_announced_on,
        carrier
    from latest
)

select * from final
