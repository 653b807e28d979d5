-- Movements on loyalty accounts, as landed: the door lets each through once.
with landed as (
    select * from {{ source('landing', 'loyalty_events') }}
),

final as (
    select
        loyalty_event_id,
        _extract_date as extract_date,
        customer_id,
        loyalty_id,
        occurred_at,
        {{ business_date('occurred_at') }} as occurred_on,
        event_type,
        points,
        tier
    from landed
)

select * from final
