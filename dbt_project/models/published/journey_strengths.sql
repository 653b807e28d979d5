-- Strengths and weaknesses: how far each touchpoint lies above or below the mean of the whole journey of its segment, and
-- its place within the stage. It is a strength or a weakness only where the interval says so.
with cells as (
    select * from {{ ref('fct_experience_cells') }}
    where measure in ('touches', 'emotion_index', 'emotion_gap')
),

registry as (
    select * from {{ ref('touchpoints') }}
),

steps as (
    select * from {{ ref('funnel_step_definitions') }}
    where funnel_id = 'five_stage'
),

{{ hide_experience('cells') }},

-- answers that the journey map hides are hidden here too, and the other way round nothing is told that it hides
gaps as (
    select
        * replace (coalesce(
            bool_or(is_suppressed) filter (where measure in ('emotion_index', 'emotion_gap')) over feeling, is_suppressed
        ) as is_suppressed)
    from hidden
    window feeling as (partition by stage, touchpoint, segment_dimension, segment)
    qualify measure = 'emotion_gap'
),

ranked as (
    select
        *,
        row_number() over (
            partition by stage, segment_dimension, segment order by value desc, touchpoint
        ) as best_rank,
        row_number() over (
            partition by stage, segment_dimension, segment order by value, touchpoint
        ) as worst_rank
    from gaps
    where not is_suppressed and touchpoint not in ('all', 'none') and n >= {{ var('minimum_n') }}
),

final as (
    select
        hidden.stage,
        hidden.touchpoint,
        hidden.segment_dimension,
        hidden.segment,
        steps.label_en as stage_label_en,
        steps.label_fr as stage_label_fr,
        registry.label_en as touchpoint_label_en,
        registry.label_fr as touchpoint_label_fr,
        case when not hidden.is_suppressed then hidden.value end as emotion_gap,
        case when not hidden.is_suppressed then hidden.value_low end as emotion_gap_low,
        case when not hidden.is_suppressed then hidden.value_high end as emotion_gap_high,
        case when not hidden.is_suppressed then hidden.n end as n,
        cast(ranked.best_rank as integer) as best_rank,
        cast(ranked.worst_rank as integer) as worst_rank,
        case
            when hidden.is_suppressed then null
            when hidden.n < {{ var('minimum_n') }} then 'not enough answers'
            when hidden.value_low > 0 then 'strength'
            when hidden.value_high < 0 then 'weakness'
            else 'neither'
        end as verdict,
        case when not hidden.is_suppressed then hidden.n < {{ var('minimum_n') }} end as is_small_n,
        hidden.is_suppressed
    from gaps as hidden
    left join ranked
        on
            hidden.stage = ranked.stage
            and hidden.touchpoint = ranked.touchpoint
            and hidden.segment_dimension = ranked.segment_dimension
            and hidden.segment = ranked.segment
    left join registry on hidden.touchpoint = registry.touchpoint
    left join steps on hidden.stage = steps.step_id
)

select * from final
