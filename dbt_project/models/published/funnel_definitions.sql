-- Every funnel of the seeds step by step: what fills a step, within which time, whom it concerns, and whether it can be had
-- from what was delivered. Nothing in it is about a customer.
with funnels as (
    select * from {{ ref('funnels') }}
),

steps as (
    select * from {{ ref('funnel_step_definitions') }}
),

step_touchpoints as (
    select * from {{ ref('funnel_step_touchpoints') }}
),

aliases as (
    select * from {{ ref('funnel_step_aliases') }}
),

step_kpis as (
    select * from {{ ref('funnel_step_kpis') }}
),

observed as (
    select * from {{ ref('int_funnels__observed') }}
),

filled as (
    select
        funnel_id,
        step_id,
        string_agg(touchpoint, ', ' order by touchpoint) as touchpoints,
        string_agg(touchpoint, ', ' order by touchpoint) filter (where can_open) as opening_touchpoints
    from step_touchpoints
    group by funnel_id, step_id
),

named as (
    select
        funnel_id,
        step_id,
        string_agg(alias, ', ' order by alias) filter (where language = 'en') as aliases_en,
        string_agg(alias, ', ' order by alias) filter (where language = 'fr') as aliases_fr
    from aliases
    group by funnel_id, step_id
),

told as (
    select
        funnel_id,
        step_id,
        string_agg(kpi_id, ', ' order by kpi_id) as kpi_ids
    from step_kpis
    group by funnel_id, step_id
),

final as (
    select
        funnels.funnel_id,
        funnels.label_en as funnel_label_en,
        funnels.label_fr as funnel_label_fr,
        funnels.kind as funnel_kind,
        funnels.subject,
        cast(funnels.window_days as double) as window_days,
        cast(steps.step as integer) as step,
        steps.step_id,
        steps.label_en as step_label_en,
        steps.label_fr as step_label_fr,
        named.aliases_en,
        named.aliases_fr,
        cast(steps.step_window_days as double) as step_window_days,
        steps.customer_goal_en,
        steps.customer_goal_fr,
        steps.owner,
        filled.touchpoints,
        filled.opening_touchpoints,
        told.kpi_ids,
        observed.is_available,
        observed.unavailable_reason
    from funnels
    inner join steps on funnels.funnel_id = steps.funnel_id
    inner join observed on funnels.funnel_id = observed.funnel_id
    left join filled on steps.funnel_id = filled.funnel_id and steps.step_id = filled.step_id
    left join named on steps.funnel_id = named.funnel_id and steps.step_id = named.step_id
    left join told on steps.funnel_id = told.funnel_id and steps.step_id = told.step_id
)

select * from final
