-- Entries with the customer of their subject and the channel and device of the touchpoint that opened them.
with entries as (
    select * from {{ ref('int_funnel_entries__chained') }}
),

kinds as (
    select * from {{ ref('int_touchpoint_kinds__numbered') }}
),

subjects as (
    select * from {{ ref('int_funnel_subjects__listed') }}
),

final as (
    select
        {{ short_key(['entries.funnel_id', 'subjects.subject_key', 'entries.entry_number']) }} as entry_key,
        entries.funnel_id,
        subjects.subject_key,
        subjects.customer_key,
        entries.entry_number,
        entries.entry_step,
        entries.entered_at,
        {{ business_date('entries.entered_at') }} as entered_on,
        entries.anchored_at,
        entries.deadline,
        entries.reached_at,
        entries.has_order_violation,
        kinds.channel,
        kinds.device,
        kinds.traffic_channel
    from entries
    inner join subjects on entries.subject_number = subjects.subject_number
    inner join kinds on entries.touch_kind = kinds.touch_kind
)

select * from final
