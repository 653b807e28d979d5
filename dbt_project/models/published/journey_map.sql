-- The journey map: every touchpoint at its stage, how often it is met and how it feels. Rows with touchpoint `all` are the
-- curve of emotion over the stages, the row with stage `all` the whole journey. Segments are those on the as-of date.
with cells as (
    select * from {{ ref('fct_experience_cells') }}
),

registry as (
    select * from {{ ref('touchpoints') }}
),

steps as (
    select * from {{ ref('funnel_step_definitions') }}
    where funnel_id = 'five_stage'
),

rankings as (
    select * from {{ ref('segment_friction_ranking') }}
    where is_shown_to_matter and not is_suppressed and value_at_stake_amount > 0
),

friction_touchpoints as (
    select * from {{ ref('fct_friction_touchpoints') }}
),

stages as (
    select * from {{ ref('touchpoint_stages') }}
),

met_in as (
    select * from {{ ref('int_touchpoint_channels__ranked') }}
),

-- only what the ranking shows to matter, each touchpoint with its share of the value and of its interval
shares as (
    select
        shared.segment_dimension,
        shared.segment,
        stages.stage,
        shared.touchpoint,
        max(shared.affected_n) as affected_count,
        {{ shared_frictions() }}
    from friction_touchpoints as shared
    inner join rankings using (friction_type, segment_dimension, segment)
    inner join stages on shared.touchpoint = stages.touchpoint
    group by all
),

{{ hide_experience('cells') }},

judged as (
    select
        *,
        coalesce(
            bool_or(is_suppressed) filter (where measure = 'touches') over map_cell, bool_and(is_suppressed) over map_cell
        ) as is_cell_suppressed
    from hidden
    window map_cell as (partition by stage, touchpoint, segment_dimension, segment)
),

{{ hidden_friction_shares('shares', 'judged') }},

final as (
    select
        cells.stage,
        cells.touchpoint,
        cells.segment_dimension,
        cells.segment,
        cast(any_value(steps.step) as integer) as stage_number,
        any_value(steps.label_en) as stage_label_en,
        any_value(steps.label_fr) as stage_label_fr,
        any_value(registry.label_en) as touchpoint_label_en,
        any_value(registry.label_fr) as touchpoint_label_fr,
        any_value(met_in.channel) as channel,
        any_value(met_in.label_en) as channel_label_en,
        any_value(met_in.label_fr) as channel_label_fr,
        {{ experience_column('touches', as='touch_count', type='bigint') }},
        {{ experience_column('journey_share') }},
        {{ experience_column('journey_share', 'value_low') }},
        {{ experience_column('journey_share', 'value_high') }},
        {{ experience_column('journey_share', 'n', as='journey_count') }},
        {{ experience_column('emotion_index') }},
        {{ experience_column('emotion_index', 'value_low') }},
        {{ experience_column('emotion_index', 'value_high') }},
        {{ experience_column('emotion_index', 'n', as='n') }},
        {{ experience_column('csat') }},
        {{ experience_column('csat', 'value_low') }},
        {{ experience_column('csat', 'value_high') }},
        {{ experience_column('csat', 'n') }},
        {{ experience_column('effort') }},
        {{ experience_column('effort', 'value_low') }},
        {{ experience_column('effort', 'value_high') }},
        {{ experience_column('effort', 'n') }},
        {{ experience_column('waiting_minutes') }},
        {{ experience_column('waiting_minutes', 'value_low') }},
        {{ experience_column('waiting_minutes', 'value_high') }},
        {{ experience_column('waiting_minutes', 'n') }},
        {{ friction_columns() }},
        '{{ var("reporting_currency") }}' as currency,
        coalesce(max(cells.n) filter (
            where cells.measure = 'emotion_index' and not cells.is_suppressed and not cells.is_cell_suppressed
        ), 0) < {{ var('minimum_n') }} as is_small_n,
        cells.is_cell_suppressed as is_suppressed
    from judged as cells
    left join registry on cells.touchpoint = registry.touchpoint
    left join met_in on cells.touchpoint = met_in.touchpoint
    left join steps on cells.stage = steps.step_id
    left join frictions
        on
            cells.stage = frictions.stage
            and cells.touchpoint = frictions.touchpoint
            and cells.segment_dimension = frictions.segment_dimension
            and cells.segment = frictions.segment
    group by cells.stage, cells.touchpoint, cells.segment_dimension, cells.segment, cells.is_cell_suppressed
)

select * from final
