-- Chances that can be judged, with their outcome and the stratum in which they are compared.
{{ config(materialized='view') }}

with judged as (
    select * from {{ ref('int_friction_opportunities__judged') }}
),

strata as (
    select * from {{ ref('int_friction_strata__collapsed') }}
),

final as (
    select
        judged.friction_type,
        judged.opportunity_number as opportunity_key,
        judged.customer_number,
        judged.journey_number as journey_unit,
        judged.outcome,
        judged.touchpoint,
        judged.device,
        judged.started_on,
        judged.risk_at,
        judged.is_affected,
        judged.has_outcome,
        strata.stratum
    from judged
    inner join strata on judged.cell_number = strata.cell_number
)

select * from final
