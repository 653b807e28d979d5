-- Harm prevented: a step with more entrants than the step before makes every rate of the funnel meaningless.
with counted as (
    select
        funnel_id,
        entry_step,
        step,
        count(*) as entrant_count
    from {{ ref('fct_funnel_steps') }}
    group by funnel_id, entry_step, step
)

select
    *,
    lag(step, 1, entry_step - 1) over funnel_entries as step_before,
    lag(entrant_count, 1, entrant_count) over funnel_entries as entrant_count_before
from counted
window funnel_entries as (partition by funnel_id, entry_step order by step)
qualify entrant_count > entrant_count_before or step <> step_before + 1
