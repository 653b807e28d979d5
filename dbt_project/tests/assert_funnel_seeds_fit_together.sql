-- Harm prevented: a funnel whose steps have a hole, or whose number of steps is wrong, loses entries without a word;
-- a touchpoint given to a step that does not exist fills nothing; one with which the company acts alone must not begin a
-- customer's journey.
with steps as (
    select
        funnel_id,
        count(*) as step_count,
        min(step) as first_step,
        max(step) as last_step
    from {{ ref('funnel_step_definitions') }}
    group by funnel_id
)

select
    funnels.funnel_id,
    'steps are not 1 to step_count' as problem
from {{ ref('funnels') }} as funnels
left join steps on funnels.funnel_id = steps.funnel_id
where
    (steps.step_count = funnels.step_count and steps.first_step = 1 and steps.last_step = funnels.step_count)
    is distinct from true
union all
select
    definitions.funnel_id,
    'step of an unknown funnel' as problem
from {{ ref('funnel_step_definitions') }} as definitions
anti join {{ ref('funnels') }} as funnels on definitions.funnel_id = funnels.funnel_id
union all
select
    touchpoints.funnel_id,
    'touchpoint of an unknown step' as problem
from {{ ref('funnel_step_touchpoints') }} as touchpoints
anti join {{ ref('funnel_step_definitions') }} as definitions
    on touchpoints.funnel_id = definitions.funnel_id and touchpoints.step_id = definitions.step_id
union all
select
    definitions.funnel_id,
    'step without touchpoint' as problem
from {{ ref('funnel_step_definitions') }} as definitions
anti join {{ ref('funnel_step_touchpoints') }} as touchpoints
    on definitions.funnel_id = touchpoints.funnel_id and definitions.step_id = touchpoints.step_id
union all
select
    step_touchpoints.funnel_id,
    'entry opened by the company alone' as problem
from {{ ref('funnel_step_touchpoints') }} as step_touchpoints
inner join {{ ref('touchpoints') }} as touchpoints on step_touchpoints.touchpoint = touchpoints.touchpoint
where
    step_touchpoints.can_open
    and not touchpoints.is_customer_initiated
    and not touchpoints.is_required_for_conversion
union all
select
    funnels.funnel_id,
    'no touchpoint may open an entry' as problem
from {{ ref('funnels') }} as funnels
left join {{ ref('funnel_step_touchpoints') }} as step_touchpoints
    on funnels.funnel_id = step_touchpoints.funnel_id and step_touchpoints.can_open
where step_touchpoints.funnel_id is null
{%- for seed in ['funnel_step_kpis', 'funnel_step_aliases'] %}
    union all
    select
        more.funnel_id,
        '{{ seed }} of an unknown step' as problem
    from {{ ref(seed) }} as more
    anti join {{ ref('funnel_step_definitions') }} as definitions
        on more.funnel_id = definitions.funnel_id and more.step_id = definitions.step_id
{%- endfor %}
