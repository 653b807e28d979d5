-- Counts and rates of every funnel and step by the week in which the entry began. A week's rate is that of its mature
-- entries; a week not wholly mature has a provisional rate instead.
with cells as (
    select * from {{ ref('int_funnel_weeks__counted') }}
),

estimates as (
    select * from {{ ref('int_funnel_weeks__estimated') }}
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
        cells.entry_step,
        cells.step,
        step_labels.step_id,
        cells.entry_week,
        cells.segment_dimension,
        cells.segment,
        cells.customer_count,
        {{ funnel_rates('cells.step < funnels.step_count') }},
        {%- for name in ['rate_provisional', 'rate_provisional_low', 'rate_provisional_high', 'provisional_days'] %}
            case when cells.sum_n < cells.entrant_count then estimates.{{ name }} end as {{ name }},
        {%- endfor %}
        cells.sum_n = cells.entrant_count as is_mature,
        case
            when cells.sum_n = cells.entrant_count then cells.sum_n else cells.entrant_count
        end < {{ var('minimum_n') }} as is_small_n
    from cells
    inner join funnels on cells.funnel_id = funnels.funnel_id
    inner join step_labels on cells.funnel_id = step_labels.funnel_id and cells.step = step_labels.step
    left join estimates
        on
            cells.funnel_id = estimates.funnel_id
            and cells.entry_step = estimates.entry_step
            and cells.step = estimates.step
            and cells.entry_week = estimates.entry_week
            and cells.segment_dimension = estimates.segment_dimension
            and cells.segment = estimates.segment
),

{{ suppress(
    'rated', cell=['funnel_id', 'entry_step', 'step', 'entry_week'], measures=[], prefix='week', keep_count=true
) }},

{{ hide_weeks('week_suppressed') }},

{{ hide_what_the_next_step_hides(
    of=['funnel_id', 'entry_step', 'entry_week', 'segment_dimension', 'segment'],
    endings=funnel_endings() + funnel_provisional_measures()
) }}

select * from final
