-- Counts, rates and times of every funnel, step and segment; rates and times are those of mature entries.
with cells as (
    select * from {{ ref('int_funnel_cells__counted') }}
),

times as (
    select * from {{ ref('int_funnel_cells__timed') }}
),

funnels as (
    select * from {{ ref('funnels') }}
),

step_labels as (
    select * from {{ ref('funnel_step_definitions') }}
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
        {{ funnel_rates('cells.step < funnels.step_count') }},
        {%- for name in ['p25', 'median', 'p75'] %}
            times.seconds_to_next_{{ name }},
            times.seconds_to_next_{{ name }}_low,
            times.seconds_to_next_{{ name }}_high,
        {%- endfor %}
        cells.sum_n = cells.entrant_count as is_mature,
        cells.sum_n < {{ var('minimum_n') }} as is_small_n
    from cells
    inner join funnels on cells.funnel_id = funnels.funnel_id
    inner join step_labels on cells.funnel_id = step_labels.funnel_id and cells.step = step_labels.step
    left join times
        on
            cells.funnel_id = times.funnel_id
            and cells.entry_step = times.entry_step
            and cells.step = times.step
            and cells.segment_dimension = times.segment_dimension
            and cells.segment = times.segment
),

{{ suppress(
    'rated',
    cell=['funnel_id', 'entry_step', 'step'],
    measures=funnel_measures() + funnel_time_measures() + ['is_mature', 'is_small_n']
) }},

{{ hide_what_the_next_step_hides(
    of=['funnel_id', 'entry_step', 'segment_dimension', 'segment'], endings=funnel_endings() + funnel_time_measures()
) }}

select * from final
