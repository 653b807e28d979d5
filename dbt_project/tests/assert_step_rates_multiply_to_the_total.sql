-- Harm prevented: when the steps of a funnel are rated on different cohorts, their rates do not multiply to what the whole
-- funnel does, and the step that loses most is not the one the table shows.
with cells as (
    select * from {{ ref('int_funnel_cells__counted') }}
),

chained as (
    select
        *,
        lead(sum_n) over (
            partition by funnel_id, entry_step, segment_dimension, segment order by step
        ) as next_mature_count
    from cells
)

select *
from chained
where
    sum_x <> coalesce(next_mature_count, 0)
    or converted_count + dropped_count + pending_count not in (entrant_count, 0)
