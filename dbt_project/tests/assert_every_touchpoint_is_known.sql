-- Harm prevented: a touchpoint that no list knows is in no funnel and no friction, and nobody notices it is missing.
select
    unioned.touchpoint,
    count(*) as touchpoint_count
from {{ ref('int_touchpoints__unioned') }} as unioned
anti join {{ ref('touchpoints') }} as touchpoints on unioned.touchpoint = touchpoints.touchpoint
where unioned.touchpoint <> 'unmapped'
group by unioned.touchpoint
