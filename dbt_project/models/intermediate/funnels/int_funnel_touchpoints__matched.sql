-- What every subject touched of each funnel, in order, from the first touchpoint that may open an entry: with each
-- touchpoint goes its place, the steps it could fill (bit k - 1 for step k) and whether it may open an entry.
{{ config(materialized='view') }}
{%- set opening_bit = 2 ** var('funnel_maximum_steps') %}
with subjects as (
    select * from {{ ref('int_funnel_subjects__touched') }}
),

touchpoints as (
    select
        touchpoint,
        touchpoint_number
    from {{ ref('int_touchpoint_kinds__numbered') }}
    group by touchpoint, touchpoint_number
),

funnels as (
    select * from {{ ref('funnels') }}
),

steps as (
    select * from {{ ref('funnel_step_definitions') }}
),

step_touchpoints as (
    select * from {{ ref('funnel_step_touchpoints') }}
),

fillers as (
    select
        steps.funnel_id,
        step_touchpoints.touchpoint,
        bit_or(1 << (steps.step - 1)) as steps,
        bool_or(step_touchpoints.can_open) as is_opening
    from steps
    inner join step_touchpoints on steps.funnel_id = step_touchpoints.funnel_id and steps.step_id = step_touchpoints.step_id
    group by steps.funnel_id, step_touchpoints.touchpoint
),

-- by the number of the touchpoint; the bit above those of the steps says that it may open an entry
funnel_roles as (
    select
        funnels.funnel_id,
        funnels.subject,
        list(
            cast(coalesce(fillers.steps + case when fillers.is_opening then {{ opening_bit }} else 0 end, 0) as integer)
            order by touchpoints.touchpoint_number
        ) as roles
    from funnels
    cross join touchpoints
    left join fillers on funnels.funnel_id = fillers.funnel_id and touchpoints.touchpoint = fillers.touchpoint
    group by funnels.funnel_id, funnels.subject
),

-- kept, or the lists would be made again for every use of them
matched as materialized (
    select
        funnel_roles.funnel_id,
        subjects.subject_number,
        list_transform(
            list_filter(subjects.touches, lambda touch: funnel_roles.roles[touch.touchpoint] > 0),
            lambda touch, place: {
                'occurred_at': touch.occurred_at,
                'position': cast(place as integer),
                'kind': touch.kind,
                'steps': funnel_roles.roles[touch.touchpoint] & {{ opening_bit - 1 }},
                'is_opening': funnel_roles.roles[touch.touchpoint] >= {{ opening_bit }}
            }
        ) as touches
    from subjects
    inner join funnel_roles on subjects.subject = funnel_roles.subject
),

opened as (
    select
        funnel_id,
        subject_number,
        touches,
        case
            when touches[1].is_opening then 1
            else list_filter(touches, lambda touch: touch.is_opening)[1].position
        end as first_opening
    from matched
),

final as (
    select
        funnel_id,
        subject_number,
        touches[first_opening:] as touches
    from opened
    where first_opening is not null
)

select * from final
