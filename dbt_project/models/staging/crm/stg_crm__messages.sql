-- The latest version of each message as of the run.
with latest as (
    {{ latest_landed('messages') }}
),

final as (
    select
        message_id,
        _extract_date as extract_date,
        customer_id,
        email_hash,
        sent_at,
        {{ business_date('sent_at') }} as sent_on,
        channel,
        purpose,
        campaign_id,
        is_personalised,
        delivered_at,
        {{ business_date('delivered_at') }} as delivered_on,
        opened_at,
        {{ business_date('opened_at') }} as opened_on,
        clicked_at,
        {{ business_date('clicked_at') }} as clicked_on,
        unsubscribed_at,
        {{ business_date('unsubscribed_at') }} as unsubscribed_on
    from latest
)

select * from final
