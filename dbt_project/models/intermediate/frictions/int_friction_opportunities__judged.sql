-- Every chance a friction got, and whether it struck within its exposure window. The clock of the outcome starts at the
-- event that made it possible, or at the end of the window if the type says so. How far a visit had gone is what it had
-- looked at before; for an enabler, whatever else it looked at up to the end of the window.
with types as (
    select * from {{ ref('int_friction_types__declared') }}
    where is_available
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
        at_risk.risk_at
        + case types.landmark when 'window_end' then types.exposure_window else interval 0 second end as clock_starts_at,
        struck.unit_key is not null as is_affected,
        struck.touchpoint
    from at_risk
    inner join types on at_risk.friction_type = types.friction_type
    left join struck on at_risk.friction_type = struck.friction_type and at_risk.unit_key = struck.unit_key
),

-- what the visit had looked at before; nothing where the chance is its beginning
counted as (
    select
        clocked.friction_type,
        clocked.unit_key,
        count(*) as earlier_touchpoint_count
    from clocked
    inner join {{ ref('int_touchpoints__sessionized') }} as touchpoints on clocked.unit_key = touchpoints.session_key
    inner join types on clocked.friction_type = types.friction_type
    where
        (clocked.risk_at > clocked.since_at or clocked.kind = 'enabler')
        and touchpoints.occurred_at < case clocked.kind when 'enabler' then clocked.clock_starts_at else clocked.risk_at end
        and not (clocked.kind = 'enabler' and list_contains(types.indexes, touchpoints.touchpoint))
    group by all
),

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
        coalesce(counted.earlier_touchpoint_count, 0) as earlier_touchpoint_count
    from clocked
    left join counted on clocked.friction_type = counted.friction_type and clocked.unit_key = counted.unit_key
)

select * from final
