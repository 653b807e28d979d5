-- Chances that can be judged, with their outcome and the stratum in which they are compared.
with followed as (
    select * from {{ ref('int_friction_opportunities__followed') }}
),

strata as (
    select * from {{ ref('int_friction_strata__collapsed') }}
),

final as (
    select
        followed.friction_type,
        followed.opportunity_key,
        followed.customer_key,
        followed.journey_unit,
        followed.outcome,
        followed.touchpoint,
        followed.device,
        followed.started_on,
        followed.risk_at,
        followed.is_affected,
        followed.has_outcome,
        strata.stratum
    from followed
    inner join strata
        on
            followed.friction_type = strata.friction_type
            and followed.segment = strata.segment
            and followed.device is not distinct from strata.device
            and followed.channel is not distinct from strata.channel
            and followed.step = strata.step
            and followed.opportunity_band = strata.opportunity_band
            and date_trunc('week', followed.started_on) = strata.week_start
            and date_trunc('month', followed.started_on) = strata.month_start
)

select * from final
