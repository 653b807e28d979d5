-- Entries with the customer, device and channel of the touchpoint that opened them.
with entries as (
    select * from {{ ref('int_funnel_entries__chained') }}
),

matched as (
    select * from {{ ref('int_funnel_touchpoints__matched') }}
),

-- A touchpoint that can fill several steps stands in `matched` once for each.
openings as (
    select
        funnel_id,
        subject_key,
        position,
        min(customer_key) as customer_key,
        min(device) as device,
        min(traffic_channel) as traffic_channel
    from matched
    group by funnel_id, subject_key, position
),

final as (
    select
        entries.entry_key,
        entries.funnel_id,
        entries.subject_key,
        openings.customer_key,
        entries.entry_number,
        entries.entry_step,
        entries.entered_at,
        entries.entered_on,
        entries.anchored_at,
        entries.deadline,
        entries.reached_at,
        entries.has_order_violation,
        openings.device,
        openings.traffic_channel
    from entries
    inner join openings
        on
            entries.funnel_id = openings.funnel_id
            and entries.subject_key = openings.subject_key
            and entries.start_position = openings.position
)

select * from final
