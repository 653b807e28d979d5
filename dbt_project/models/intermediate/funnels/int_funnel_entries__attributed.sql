-- Entries with the customer of their subject and the channel and device of the touchpoint that opened them.
{{ config(
    materialized='refreshed',
    meta={
        'key': ['entry_key'],
        'follows': ['int_funnel_subjects__listed', 'int_funnel_entries__chained'],
        'fixed': ['int_touchpoint_kinds__numbered'],
        'scope': {'changes': 'int_funnel_subjects__listed', 'columns': ['subject_key']}
    }
) }}
with entries as (
    select * from {{ ref('int_funnel_entries__chained') }}
),

kinds as (
    select * from {{ ref('int_touchpoint_kinds__numbered') }}
),

subjects as (
    select * from {{ ref('int_funnel_subjects__listed') }}
    where {{ in_scope(
        'int_funnel_entries__attributed', 'subject_key', last_changes('int_funnel_subjects__listed'), 'subject_key'
    ) }}
),

final as (
    select
        {{ surrogate_key(['entries.funnel_id', 'subjects.subject_key', 'entries.entry_number']) }} as entry_key,
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
