-- The entries of every funnel: each begins at the subject's first matching touchpoint outside the entry before, and
-- ends at the last step or at the end of the window. Found round by round: one entry per subject and round.
{%- set last = var('funnel_maximum_steps') %}
with recursive matched as (
    select * from {{ ref('int_funnel_touchpoints__matched') }}
),

funnels as (
    select * from {{ ref('funnels') }}
),

windows as (
    select
        funnel_id,
        list({{ days_interval('step_window_days') }} order by step) as step_windows
    from {{ ref('funnel_step_definitions') }}
    group by funnel_id
),

subjects as (
    select
        funnel_id,
        subject_key,
        list_sort(list(distinct {'position': position, 'occurred_at': occurred_at})) as touches
        {%- for step in range(1, last + 1) %},
        list_sort(list({'position': position, 'occurred_at': occurred_at}) filter (where step = {{ step }})) as touches_{{ step }}
        {%- endfor %}
    from matched
    group by funnel_id, subject_key
),

prepared as (
    select
        subjects.*,
        {{ days_interval('funnels.window_days') }} as funnel_window,
        funnels.step_count,
        windows.step_windows
    from subjects
    inner join funnels on subjects.funnel_id = funnels.funnel_id
    inner join windows on subjects.funnel_id = windows.funnel_id
),

entries as (
    select
        funnel_id,
        subject_key,
        cast(0 as bigint) as entry_number,
        cast(0 as bigint) as end_position,
        cast(0 as bigint) as start_position,
        cast(null as timestamp) as start_at,
        cast(null as integer) as entry_step,
        cast(null as timestamp) as deadline,
        cast([] as timestamp[]) as reached_at
    from prepared
    union all
    (
        with rounds as (
            select
                prepared.*,
                entries.entry_number + 1 as entry_number,
                entries.end_position + 1 as start_position,
                prepared.touches[entries.end_position + 1].occurred_at as start_at
            from entries
            inner join prepared
                on entries.funnel_id = prepared.funnel_id and entries.subject_key = prepared.subject_key
            -- an entry uses up a touchpoint at least, so there are never more entries than touchpoints
            where entries.end_position < len(prepared.touches) and entries.entry_number < len(prepared.touches)
        ),

        {{ chain_steps('rounds') }}

        select
            funnel_id,
            subject_key,
            entry_number,
            case
                when [{% for step in range(1, last + 1) %}reached_at_{{ step }}{{ ', ' if not loop.last }}{% endfor %}][step_count] is not null
                    then list_max(used)
                else len(list_filter(touches, lambda touch: touch.occurred_at <= deadline))
            end as end_position,
            start_position,
            start_at,
            entry_step,
            deadline,
            [{% for step in range(1, last + 1) %}reached_at_{{ step }}{{ ', ' if not loop.last }}{% endfor %}] as reached_at
        from chained_{{ last }}
    )
),

final as (
    select
        {{ surrogate_key(['funnel_id', 'subject_key', 'entry_number']) }} as entry_key,
        funnel_id,
        subject_key,
        entry_number,
        entry_step,
        start_position,
        start_at as entered_at,
        {{ business_date('start_at') }} as entered_on,
        reached_at[entry_step] as anchored_at,
        deadline,
        reached_at,
        start_at < reached_at[entry_step] as has_order_violation
    from entries
    where entry_number > 0
)

select * from final
