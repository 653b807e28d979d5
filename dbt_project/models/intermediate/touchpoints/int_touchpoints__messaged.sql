-- Touchpoints of messages: what the company sent, and what the addressee did with it. The latest versions are sought of
-- those alone that a run looks at.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
with latest as (
    {{ latest_landed('messages', touchpoint_scope('message_id', 'messages')) }}
),

messages as (
    select
        *,
        _extract_date as extract_date,
        coalesce(purpose, 'other') as sent_purpose
    from latest
),

identifiers as not materialized (
    select * from {{ ref('int_identifiers__resolved') }}
),

moments as (
    {{ moments_of(
        'messages', 'messages', 'message_id',
        {'sent': 'sent_at', 'opened': 'opened_at', 'clicked': 'clicked_at', 'unsubscribed': 'unsubscribed_at'},
        ['sent_purpose', 'channel', 'campaign_id', 'customer_id', 'email_hash', 'extract_date']
    ) }}
),

final as (
    select
        moments.* exclude (sent_purpose, customer_id, email_hash)
        replace (
            coalesce(moments.channel, 'unknown') as channel,
            case
                when moments.source_value = 'unsubscribed' then moments.source_value
                else moments.sent_purpose || '_' || moments.source_value
            end as source_value
        ),
        {{ identified_by(['crm', 'email']) }}
    from moments
    {{ join_identifiers('moments', {'crm': 'customer_id', 'email': 'email_hash'}) }}
)

select * from final
