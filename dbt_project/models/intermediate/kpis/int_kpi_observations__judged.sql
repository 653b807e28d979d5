{{ config(materialized='view') }}
-- The observations of KPIs that can be had, numbered, and whether they can still change. What a model leaves out has its
-- usual value here: one unit, no arm, over.
with observations as (
    select * from {{ ref('int_kpi_observations__unioned') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

final as (
    select
        observations.kpi_id,
        observations.unit_key,
        observations.customer_key,
        observations.person_key,
        observations.observed_at,
        observations.observed_on,
        observations.device,
        observations.last_answer_group,
        observations.numerator,
        observations.denominator,
        kpis.kpi_number,
        kpis.interval_kind,
        coalesce(observations.arm, 'all') as arm,
        coalesce(observations.is_open, false) as is_open,
        coalesce(observations.unit_count, 1) as unit_count,
        observations.observed_on <= kpis.mature_until as is_mature
    from observations
    inner join kpis on observations.kpi_id = kpis.kpi_id
    where kpis.unavailable_reason is null
)

select * from final
