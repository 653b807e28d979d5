-- Entries with the customer of their subject and the channel and device of the touchpoint that opened them.
{{ config(
    materialized='refreshed',
    meta={
        'key': ['entry_key'],
        'hashed': true,
        'follows': ['int_funnel_subjects__listed', 'int_funnel_entries__chained'],
        'fixed': ['int_touchpoint_kinds__numbered'],
        'scope': {'of': 'int_funnel_entries__touched', 'columns': ['chained_row'], 'of_columns': ['key_hash']}
    }
) }}
with entries as (
    select * from {{ ref('int_funnel_entries__touched') }}
    where is_come
),

kinds as (
    select * from {{ ref('int_touchpoint_kinds__numbered') }}
),

subjects as (
    select * from {{ ref('int_funnel_subjects__listed') }}
    where {{ in_scope(
        'int_funnel_entries__attributed', 'subject_number', kept_relation('int_funnel_entries__touched'), 'subject_number'
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
        kinds.traffic_channel,
        entries.key_hash as chained_row
    from entries
    inner join subjects on entries.subject_number = subjects.subject_number
    inner join kinds on entries.touch_kind = kinds.touch_kind
)

select
    *,
    {{ row_hashes(['entry_key'], lists=['reached_at']) }}
from final
