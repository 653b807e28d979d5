-- Counts and rates of every funnel, step and segment; rates are those of mature entries.
with steps as (
    select * from {{ ref('fct_funnel_steps') }}
),

funnels as (
    select * from {{ ref('funnels') }}
),

step_labels as (
    select * from {{ ref('funnel_step_definitions') }}
),

segmented as (
    {{ by_segment('steps', 'entered_on', device='device') }}
),

clusters as (
    select
        funnel_id,
        entry_step,
        step,
        segment_dimension,
        segment,
        customer_key,
        count(*) as entrant_count,
        count(distinct subject_key) as subject_count,
        count(*) filter (where step_outcome = 'converted') as converted_count,
        count(*) filter (where step_outcome = 'dropped') as dropped_count,
        count(*) filter (where step_outcome = 'pending') as pending_count,
        count(*) filter (where is_tie) as tie_count,
        count(*) filter (where has_order_violation) as order_violation_count,
        count(*) filter (where is_mature) as cluster_n,
        count(*) filter (where is_mature and step_outcome = 'converted') as cluster_x
    from segmented
    group by all
),

cells as (
    select
        funnel_id,
        entry_step,
        step,
        segment_dimension,
        segment,
        count(*) as customer_count,
        sum(entrant_count) as entrant_count,
        sum(subject_count) as subject_count,
        sum(converted_count) as converted_count,
        sum(dropped_count) as dropped_count,
        sum(pending_count) as pending_count,
        sum(tie_count) as tie_count,
        sum(order_violation_count) as order_violation_count,
        {{ cluster_sums() }}
    from clusters
    group by all
),

rated as (
    select
        cells.funnel_id,
        funnels.label_en as funnel_label_en,
        funnels.label_fr as funnel_label_fr,
        funnels.subject,
        cast(funnels.window_days as double) as window_days,
        cells.entry_step,
        cells.step,
        step_labels.step_id,
        step_labels.label_en as step_label_en,
        step_labels.label_fr as step_label_fr,
        cells.segment_dimension,
        cells.segment,
        cells.customer_count,
        cast(cells.entrant_count as bigint) as entrant_count,
        cast(cells.subject_count as bigint) as subject_count,
        case when cells.step < funnels.step_count then cast(cells.converted_count as bigint) end as converted_count,
        case when cells.step < funnels.step_count then cast(cells.dropped_count as bigint) end as dropped_count,
        case when cells.step < funnels.step_count then cast(cells.pending_count as bigint) end as pending_count,
        cast(cells.sum_n as bigint) as mature_entrant_count,
        case when cells.step < funnels.step_count then cast(cells.sum_x as bigint) end as mature_converted_count,
        case
            when cells.step < funnels.step_count and cells.sum_n > 0
                then round(cast(cells.sum_x as double) / cells.sum_n, 6)
        end as conversion_rate,
        case when cells.step < funnels.step_count then {{ wilson('cells.sum_x', 'cells.sum_n', design_effect(), -1) }} end
            as conversion_rate_low,
        case when cells.step < funnels.step_count then {{ wilson('cells.sum_x', 'cells.sum_n', design_effect(), 1) }} end
            as conversion_rate_high,
        case
            when cells.step < funnels.step_count and cells.converted_count > 0
                then round(cast(cells.tie_count as double) / cells.converted_count, 6)
        end as tie_share,
        round(cast(cells.order_violation_count as double) / cells.entrant_count, 6) as order_violation_rate,
        cells.sum_n = cells.entrant_count as is_mature,
        cells.sum_n < {{ var('minimum_n') }} as is_small_n
    from cells
    inner join funnels on cells.funnel_id = funnels.funnel_id
    inner join step_labels on cells.funnel_id = step_labels.funnel_id and cells.step = step_labels.step
),

{{ suppress(
    'rated',
    cell=['funnel_id', 'entry_step', 'step'],
    measures=[
        'entrant_count', 'subject_count', 'converted_count', 'dropped_count', 'pending_count', 'mature_entrant_count',
        'mature_converted_count', 'conversion_rate', 'conversion_rate_low', 'conversion_rate_high', 'tie_share',
        'order_violation_rate', 'is_mature', 'is_small_n'
    ]
) }},

{{ hide_what_the_next_step_hides() }}

select * from final
