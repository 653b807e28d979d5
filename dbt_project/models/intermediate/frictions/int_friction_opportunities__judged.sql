-- Every chance a friction got, and whether it struck within its exposure window. The clock of the outcome starts at the
-- event that made it possible, or at the end of the window if the type says so. How far a visit had gone is what it had
-- looked at before; for an enabler, whatever else it looked at up to the end of the window. Read once, so it is a view.
{{ config(materialized='view') }}

with types as (
    select
        *,
        case when landmark = 'window_end' then exposure_window else interval 0 second end as clock_offset,
        case when kind = 'enabler' then clock_offset else interval 0 second end as counted_span
    from {{ ref('int_friction_types__declared') }}
    where is_available
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

risks as (
    select * from {{ ref('int_friction_risks__opened') }}
),

evidence as (
    select * from {{ ref('int_friction_evidence__unioned') }}
),

own as (
    select
        types.friction_type,
        risks.* exclude (touchpoint)
    from risks
    inner join types on risks.risk_set_key = types.risk_set_key and types.risk_set_friction is null
),

-- where only what another friction struck is at risk
inherited as (
    select
        types.friction_type,
        types.risk_set_key,
        evidence.unit_key,
        min(evidence.occurred_at) as risk_at,
        min(evidence.occurred_at) + interval 1 microsecond as since_at,
        evidence.customer_key,
        min(evidence.channel) as channel,
        evidence.unit_key as journey_unit
    from evidence
    inner join types on evidence.friction_type = types.risk_set_friction
    group by all
),

at_risk as (
    select * from own
    union all by name
    select * from inherited
),

struck as (
    select
        evidence.friction_type,
        evidence.unit_key,
        arg_min(evidence.touchpoint, (evidence.occurred_at, evidence.evidence_key)) as touchpoint
    from evidence
    inner join at_risk on evidence.friction_type = at_risk.friction_type and evidence.unit_key = at_risk.unit_key
    inner join types on evidence.friction_type = types.friction_type
    where
        evidence.occurred_at >= at_risk.risk_at and evidence.occurred_at <= at_risk.risk_at + types.exposure_window
    group by all
),

clocked as (
    select
        at_risk.*,
        types.kind,
        types.outcome,
        types.horizon,
        types.observed_until_at,
        types.counted_span,
        {{ number_of(['at_risk.unit_key']) }} as unit_number,
        at_risk.risk_at + types.clock_offset as clock_starts_at,
        struck.unit_key is not null as is_affected,
        struck.touchpoint
    from at_risk
    inner join types on at_risk.friction_type = types.friction_type
    left join struck on at_risk.friction_type = struck.friction_type and at_risk.unit_key = struck.unit_key
),

{{ earlier_touchpoints() }},

final as (
    select
        clocked.friction_type,
        clocked.unit_key as opportunity_key,
        clocked.customer_key,
        clocked.device,
        clocked.channel,
        coalesce(clocked.step, '') as step,
        clocked.journey_unit,
        clocked.risk_at,
        clocked.since_at,
        clocked.clock_starts_at,
        clocked.outcome,
        clocked.horizon,
        clocked.observed_until_at,
        clocked.is_affected,
        clocked.touchpoint,
        coalesce(clocked.is_visit, false) as is_visit,
        coalesce(counted.earlier_touchpoint_count, 0) - coalesce(helped.own_touchpoint_count, 0)
            as earlier_touchpoint_count
    from clocked
    left join counted
        on
            clocked.unit_number = counted.unit_number
            and clocked.risk_set_key = counted.risk_set_key
            and clocked.kind = counted.kind
            and clocked.counted_span = counted.counted_span
    left join helped on clocked.unit_number = helped.unit_number and clocked.friction_type = helped.friction_type
)

select * from final
