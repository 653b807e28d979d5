-- What initiatives changed: the KPI each is judged by in its segment before and after, against segments it did not touch,
-- and what that brought for its cost. With fewer controls than needed the result is indicative: its interval is the spread
-- of the same comparison at dates at which nothing began. Without controls, or before its time, there is none.
with effects as (
    select * from {{ ref('fct_initiative_effects') }}
),

catalogue as (
    select * from {{ ref('kpi_catalogue') }}
),

outcome_values as (
    select * from {{ ref('fct_outcome_values') }}
    where segment_dimension = 'all'
),

placebos as (
    select
        initiative_id,
        count(effect) as placebo_count,
        {{ exact_deviation('effect') }} as placebo_spread,
        list(abs(effect)) as placebo_sizes
    from effects
    where shift > 0 and effect is not null
    group by initiative_id
),

judged as (
    select
        effects.*,
        coalesce(placebos.placebo_count, 0) as placebo_count,
        case
            when not effects.is_mature then 'too early'
            when effects.control_count = 0 then 'no untouched segment'
            when effects.control_count >= {{ var('initiative_minimum_controls') }} then 'measured'
            else 'indicative'
        end as status,
        {{ initiative_errors() }}
    from effects
    left join placebos on effects.initiative_id = placebos.initiative_id
    where effects.shift = 0 and effects.customer_count >= {{ var('suppression_minimum_customers') }}
),

gained as (
    select
        judged.*,
        nullif(judged.outcomes_per_point, 0) * cast(outcome_values.outcome_value_amount as double) as gain_per_point
    from judged
    left join outcome_values on true
),

final as (
    select
        gained.initiative_id,
        gained.name,
        gained.segment_dimension,
        gained.segment,
        gained.starts_on,
        cast({{ var('initiative_period_days') }} as integer) as period_days,
        gained.kpi_id,
        catalogue.label_en as kpi_label_en,
        catalogue.label_fr as kpi_label_fr,
        catalogue.unit,
        catalogue.direction,
        gained.status,
        gained.customer_count as n,
        gained.control_count,
        gained.before_value,
        gained.after_value,
        gained.control_change,
        {{ initiative_columns('gained') }},
        '{{ var("reporting_currency") }}' as currency,
        gained.customer_count < {{ var('minimum_n') }} as is_small_n,
        gained.is_mature
    from gained
    inner join catalogue on gained.kpi_id = catalogue.kpi_id
)

select * from final
