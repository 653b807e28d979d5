-- Harm prevented: a friction whose events are misspelt never happens, and looks solved.
with declared as (
    select
        friction_type,
        concat_ws('|', risk_set_touchpoints, index_touchpoints) as touchpoint_list
    from {{ ref('friction_types') }}
    union all
    select
        enabler_type as friction_type,
        concat_ws('|', risk_set_touchpoints, index_touchpoints) as touchpoint_list
    from {{ ref('enabler_types') }}
    union all
    select
        outcome as friction_type,
        touchpoints as touchpoint_list
    from {{ ref('friction_outcomes') }}
),

named as (
    select
        friction_type,
        unnest(string_split(touchpoint_list, '|')) as touchpoint
    from declared
)

select named.*
from named
anti join {{ ref('touchpoints') }} as touchpoints on named.touchpoint = touchpoints.touchpoint
