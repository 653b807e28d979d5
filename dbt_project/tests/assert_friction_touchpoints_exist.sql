-- Harm prevented: a friction whose events are misspelt never happens, and looks solved.
with named as (
    select
        friction_type,
        unnest(string_split(risk_set_touchpoints || '|' || index_touchpoints, '|')) as touchpoint
    from {{ ref('friction_types') }}
)

select named.*
from named
anti join {{ ref('touchpoints') }} as touchpoints on named.touchpoint = touchpoints.touchpoint
