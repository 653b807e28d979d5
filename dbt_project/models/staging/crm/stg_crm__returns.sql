-- The latest version of each return as of the run.
with latest as (
    {{ latest_landed('returns') }}
),

final as (
    select
        return_id,
        _extract_date as extract_date,
        order_id,
        requested_at,
        {{ business_date('requested_at') }} as requested_on,
        received_at,
        {{ business_date('received_at') }} as received_on,
        refunded_at,
        {{ business_date('refunded_at') }} as refunded_on,
        quantity,
        reason
    from latest
)

select * from final
