-- Which business days each extract day told of, so that a figure of the past that changes can say what came late and what
-- was corrected.
with delivered as (
    {{ event_days('orders', 'ordered_at') }}
    union all
    {{ event_days('web_events', 'occurred_at', is_replaced=false) }}
    union all
    {{ event_days('survey_responses', 'coalesce(answered_at, invited_at)') }}
    union all
    {{ event_days('feedback', 'published_at') }}
    union all
    {{ event_days('interactions', 'opened_at') }}
    union all
    {{ event_days('messages', 'sent_at') }}
    union all
    {{ event_days('deliveries', 'coalesce(delivered_at, shipped_at)') }}
    union all
    {{ event_days('returns', 'requested_at') }}
    union all
    {{ event_days('referrals', 'referred_at') }}
    union all
    {{ event_days('loyalty_events', 'occurred_at', is_replaced=false) }}
    union all
    {{ event_days('contracts', 'signed_at') }}
),

final as (
    select
        table_name,
        event_on,
        extract_date,
        cast(row_count as bigint) as row_count,
        cast(replaced_count as bigint) as replaced_count
    from delivered
    where event_on is not null
)

select * from final
