-- Chances with what came after, once for all types that share a clock: left out are those whose outcome came before it
-- starts, and those whose horizon is still open. The clock starts at the event that made it possible, or at the end of the
-- exposure window if the type says so. How far a visit had gone is what it had looked at before; for an enabler, up to the
-- end of the window.
with {{ friction_clocks() }},

touchpoints as (
    select
        {{ number_of(['session_key']) }} as unit_number,
        occurred_at
    from {{ ref('int_touchpoints__sessionized') }}
    where session_key is not null
),

-- the instants at which a customer reached an outcome, in order, beside the counts by then
outcomes as (
    select
        {{ number_of(['outcome', number_of(['customer_key'])]) }} as outcome_number,
        list(occurred_at order by occurred_at) as instants,
        list(reached_count order by occurred_at) as counts
    from {{ ref('int_friction_outcomes__dated') }}
    group by outcome_number
),

segments as (
    select
        {{ number_of(['customer_key']) }} as customer_number,
        segment,
        valid_from,
        valid_to
    from {{ ref('int_segments__dated') }}
    where segment_dimension = 'new_returning'
),

{{ chances_at_risk() }},

closed as (
    select
        *,
        {{ number_of(['outcome', 'customer_number']) }} as outcome_number,
        {{ business_date('risk_at') }} as started_on
    from at_risk
    where clock_starts_at + horizon + {{ days_interval(var('lateness_allowance_days')) }} <= observed_until_at
),

looked_back as (
    select
        closed.*,
        outcomes.instants,
        outcomes.counts,
        coalesce(len(list_filter(outcomes.instants, lambda instant: instant <= closed.clock_starts_at)), 0)
            as reached_before
    from closed
    left join outcomes on closed.outcome_number = outcomes.outcome_number
),

looked_ahead as (
    select
        * exclude (instants, counts),
        coalesce(counts[reached_before], 0) as reached_count,
        coalesce(instants[reached_before + 1] <= clock_starts_at + horizon, false) as has_outcome
    from looked_back
    where coalesce(instants[reached_before] < since_at, true)
),

-- what the visit had looked at before; nothing where the chance is its beginning
counted as (
    select
        looked_ahead.clock_number,
        looked_ahead.unit_number,
        count(*) as earlier_touchpoint_count
    from looked_ahead
    inner join touchpoints on looked_ahead.unit_number = touchpoints.unit_number
    where
        looked_ahead.is_visit
        and looked_ahead.risk_at + looked_ahead.counted_span > looked_ahead.since_at
        and touchpoints.occurred_at < looked_ahead.risk_at + looked_ahead.counted_span
    group by all
),

final as (
    select
        looked_ahead.clock_number,
        looked_ahead.unit_number,
        looked_ahead.customer_number,
        looked_ahead.journey_number,
        looked_ahead.is_visit,
        looked_ahead.device,
        looked_ahead.channel,
        looked_ahead.step,
        looked_ahead.started_on,
        looked_ahead.risk_at,
        looked_ahead.clock_starts_at,
        looked_ahead.reached_count,
        looked_ahead.has_outcome,
        coalesce(counted.earlier_touchpoint_count, 0) as earlier_touchpoint_count,
        coalesce(segments.segment, 'new') as segment
    from looked_ahead
    left join counted
        on looked_ahead.unit_number = counted.unit_number and looked_ahead.clock_number = counted.clock_number
    left join segments
        on
            looked_ahead.customer_number = segments.customer_number
            and looked_ahead.started_on >= segments.valid_from
            and looked_ahead.started_on < segments.valid_to
)

select * from final
