-- Chances that can be judged, with their outcome and the stratum in which they are compared.
{{ config(materialized='view') }}

with followed as (
    select * from {{ ref('int_friction_opportunities__followed') }}
),

strata as (
    select * from {{ ref('int_friction_strata__collapsed') }}
),

final as (
    select
        followed.friction_type,
        followed.opportunity_number as opportunity_key,
        followed.customer_number,
        followed.journey_number as journey_unit,
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
            {{ number_of([
                'followed.friction_type', 'followed.segment', 'followed.device', 'followed.channel', 'followed.step',
                'followed.opportunity_band', "cast(date_trunc('week', followed.started_on) as date)",
                "cast(date_trunc('month', followed.started_on) as date)"
            ]) }} = {{ number_of([
                'strata.friction_type', 'strata.segment', 'strata.device', 'strata.channel', 'strata.step',
                'strata.opportunity_band', 'strata.week_start', 'strata.month_start'
            ]) }}
)

select * from final
