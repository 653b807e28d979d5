-- Until when it is known what became of a funnel's entries, and how long to wait for late rows: as far as every table
-- that fills a step after the first was delivered. A funnel with a step that nothing delivered can fill is not available.
with funnels as (
    select * from {{ ref('funnels') }}
),

steps as (
    select * from {{ ref('funnel_step_definitions') }}
),

step_touchpoints as (
    select * from {{ ref('funnel_step_touchpoints') }}
),

mappings as (
    select * from {{ ref('touchpoint_mappings') }}
),

availability as (
    select * from {{ source('landing', 'table_availability') }}
),

deliveries as (
    select * from {{ source('landing', 'table_deliveries') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

filling as (
    select
        steps.funnel_id,
        steps.step,
        mappings.source_table,
        availability.last_extract_date,
        coalesce(availability.is_available, false) as is_available,
        deliveries.lateness_p99_days
    from steps
    inner join step_touchpoints
        on steps.funnel_id = step_touchpoints.funnel_id and steps.step_id = step_touchpoints.step_id
    inner join mappings on step_touchpoints.touchpoint = mappings.touchpoint
    left join availability on mappings.source_table = availability.table_name
    left join deliveries on mappings.source_table = deliveries.table_name
    group by all
),

step_sources as (
    select
        funnel_id,
        step,
        bool_or(is_available) as is_available,
        string_agg(source_table, ', ' order by source_table) as source_tables,
        min(last_extract_date) filter (where is_available) as last_extract_date,
        max(lateness_p99_days) filter (where is_available) as lateness_days
    from filling
    group by funnel_id, step
),

sources as (
    select
        funnel_id,
        min(source_tables) filter (where not is_available) as missing_tables,
        min(last_extract_date) filter (where step > 1) as last_extract_date,
        max(lateness_days) as lateness_days
    from step_sources
    group by funnel_id
),

final as (
    select
        funnels.funnel_id,
        sources.funnel_id is not null and sources.missing_tables is null as is_available,
        case
            when sources.funnel_id is null then 'no touchpoint of it is mapped'
            when sources.missing_tables is not null then 'not delivered: ' || sources.missing_tables
        end as unavailable_reason,
        least(
            run_parameters.as_of_at, {{ business_midnight('sources.last_extract_date + 1') }}
        ) as observed_until_at,
        cast(coalesce(
            sources.lateness_days, {{ var('lateness_allowance_days') }}
        ) as integer) as lateness_allowance_days
    from funnels
    cross join run_parameters
    left join sources on funnels.funnel_id = sources.funnel_id
)

select * from final
