-- Harm prevented: a conversion counted after its window makes a slow funnel look like a good one.
select
    entries.entry_key,
    steps.step
from {{ ref('int_funnel_entries__attributed') }} as entries
inner join {{ ref('funnels') }} as funnels on entries.funnel_id = funnels.funnel_id
inner join {{ ref('funnel_step_definitions') }} as steps on entries.funnel_id = steps.funnel_id
where
    entries.deadline <> entries.anchored_at + {{ days_interval('funnels.window_days') }}
    or entries.reached_at[steps.step] > entries.deadline
    or (
        steps.step > entries.entry_step
        and (
            entries.reached_at[steps.step] < entries.reached_at[steps.step - 1]
            or entries.reached_at[steps.step]
            > entries.reached_at[steps.step - 1] + {{ days_interval('steps.step_window_days') }}
        )
    )
