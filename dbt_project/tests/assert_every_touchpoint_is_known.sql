-- Harm prevented: a touchpoint that no list knows is in no funnel and no friction, and nobody notices it is missing.
select
    touched.touchpoint,
    count(*) as touchpoint_count
from {{ ref('int_touchpoints__sessionized') }} as touched
anti join {{ ref('touchpoints') }} as touchpoints on touched.touchpoint = touchpoints.touchpoint
where touched.touchpoint <> 'unmapped'
group by touched.touchpoint
