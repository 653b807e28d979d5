-- The entries of every funnel: each begins at the subject's first matching touchpoint outside the entry before, and
-- ends at the last step or at the end of the window. Found round by round: one entry per history and round, each round
-- on what the one before left over.
{{ config(
    materialized='refreshed',
    meta={
        'key': ['funnel_id', 'subject_number', 'entry_number'],
        'hashed': true,
        'follows': ['int_funnel_subjects__listed'],
        'fixed': ['int_touchpoint_kinds__numbered'],
        'scope': {'changes': 'int_funnel_subjects__listed', 'columns': ['subject_number']}
    }
) }}
with recursive histories as (
    select
        *,
        cast(1 as bigint) as entry_number
    from {{ ref('int_funnel_touchpoints__matched') }}
),

rules as (
    select
        funnels.funnel_id,
        funnels.step_count,
        {{ days_interval('any_value(funnels.window_days)') }} as funnel_window,
        list({{ days_interval('steps.step_window_days') }} order by steps.step) as step_windows
    from {{ ref('funnels') }} as funnels
    inner join {{ ref('funnel_step_definitions') }} as steps on funnels.funnel_id = steps.funnel_id
    group by funnels.funnel_id, funnels.step_count
),

-- the first of each history, of which most have no other: kept out of the recursion, which would carry them along
first_entries as materialized (
    with {{ one_entry('histories') }}

    select {{ entry_columns() }} from left_over
),

later_entries as (
    select * from first_entries
    where len(touches_left) > 0
    union all
    (
        with rounds as (
            select
                funnel_id,
                subject_number,
                entry_number + 1 as entry_number,
                touches_left as touches
            from later_entries
            where len(touches_left) > 0
        ),

        {{ one_entry('rounds') }}

        select {{ entry_columns() }} from left_over
    )
),

entries as (
    select * exclude (touches_left) from first_entries
    union all
    select * exclude (touches_left) from later_entries
    where entry_number > 1
),

final as (
    select
        funnel_id,
        subject_number,
        entry_number,
        entry_step,
        touch_kind,
        entered_at,
        reached_at[entry_step] as anchored_at,
        deadline,
        reached_at,
        entered_at < reached_at[entry_step] as has_order_violation
    from entries
)

select
    *,
    {{ row_hashes(['funnel_id', 'subject_number', 'entry_number'], lists=['reached_at']) }}
from final
