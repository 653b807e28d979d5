-- The latest version of each support contact as of the run; what does not say its direction came from the customer.
with latest as (
    {{ latest_landed('interactions') }}
),

final as (
    select
        interaction_id,
        _extract_date as extract_date,
        case_id,
        customer_id,
        email_hash,
        phone_hash,
        opened_at,
        {{ business_date('opened_at') }} as opened_on,
        channel,
        coalesce(direction, 'inbound') as direction,
        topic,
        is_complaint,
        is_automatic,
        order_id,
        acknowledged_at,
        {{ business_date('acknowledged_at') }} as acknowledged_on,
        first_response_at,
        {{ business_date('first_response_at') }} as first_response_on,
        closed_at,
        {{ business_date('closed_at') }} as closed_on,
        handling_seconds,
        waiting_seconds,
        is_abandoned,
        support_tier,
        note
    from latest
)

select * from final
