-- Every chance a friction got that can be judged, whether it struck within its exposure window, and what makes two of them
-- comparable: segment, device, channel, step, week, and how far they had gone. An enabler itself does not count there.
with {{ friction_clocks() }},

followed as not materialized (
    select * from {{ ref('int_friction_opportunities__followed') }}
),

evidence as (
    select
        evidence_key,
        friction_type,
        {{ number_of(['unit_key']) }} as unit_number,
        touchpoint,
        occurred_at
    from {{ ref('int_friction_evidence__unioned') }}
),

touchpoints as (
    select
        {{ number_of(['session_key']) }} as unit_number,
        touchpoint,
        occurred_at
    from {{ ref('int_touchpoints__sessionized') }}
    where session_key is not null
),

struck as (
    select
        types.friction_type,
        evidence.unit_number,
        arg_min(evidence.touchpoint, (evidence.occurred_at, evidence.evidence_key)) as touchpoint
    from evidence
    inner join types on evidence.friction_type = types.friction_type
    inner join followed on types.clock_number = followed.clock_number and evidence.unit_number = followed.unit_number
    where
        evidence.occurred_at >= followed.risk_at
        and evidence.occurred_at <= followed.risk_at + types.exposure_window
    group by all
),

helpers as (
    select
        friction_type,
        clock_number,
        counted_span,
        unnest(indexes) as touchpoint
    from types
    where kind = 'enabler'
),

helped as (
    select
        helpers.friction_type,
        followed.unit_number,
        count(*) as own_touchpoint_count
    from touchpoints
    inner join helpers on touchpoints.touchpoint = helpers.touchpoint
    inner join followed
        on helpers.clock_number = followed.clock_number and touchpoints.unit_number = followed.unit_number
    where followed.is_visit and touchpoints.occurred_at < followed.risk_at + helpers.counted_span
    group by all
),

judged as (
    select
        followed.*,
        types.friction_type,
        types.outcome,
        struck.unit_number is not null as is_affected,
        struck.touchpoint,
        followed.earlier_touchpoint_count - coalesce(helped.own_touchpoint_count, 0) as other_touchpoint_count,
        case
            when followed.is_visit and other_touchpoint_count < 3 then 'few'
            when followed.is_visit and other_touchpoint_count < 10 then 'some'
            when followed.is_visit then 'many'
            when followed.reached_count <= 1 then 'first'
            when followed.reached_count <= 4 then 'some'
            else 'many'
        end as opportunity_band
    from followed
    inner join types on followed.clock_number = types.clock_number
    left join struck on followed.unit_number = struck.unit_number and types.friction_type = struck.friction_type
    left join helped on followed.unit_number = helped.unit_number and types.friction_type = helped.friction_type
),

final as (
    select
        friction_type,
        unit_number as opportunity_number,
        customer_number,
        journey_number,
        outcome,
        touchpoint,
        device,
        channel,
        step,
        started_on,
        risk_at,
        is_affected,
        has_outcome,
        segment,
        opportunity_band,
        {{ number_of([
            'friction_type', 'segment', 'device', 'channel', 'step', 'opportunity_band',
            "date_trunc('week', started_on)", "date_trunc('month', started_on)"
        ]) }} as cell_number
    from judged
)

select * from final
