-- Chances with what came after: left out are those whose outcome came before the clock starts, and those whose horizon is
-- still open. What makes two of them comparable is kept: segment, device, channel, week, and how far they had gone.
with judged as (
    select * from {{ ref('int_friction_opportunities__judged') }}
    where customer_key is not null
),

-- the instants at which a customer reached an outcome, in order, beside the counts by then
outcomes as (
    select
        {{ number_of(['outcome', 'customer_key']) }} as outcome_number,
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

closed as (
    select
        *,
        {{ number_of(['customer_key']) }} as customer_number,
        {{ number_of(['outcome', 'customer_key']) }} as outcome_number,
        {{ business_date('risk_at') }} as started_on
    from judged
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
        *,
        coalesce(counts[reached_before], 0) as reached_count,
        coalesce(instants[reached_before + 1] <= clock_starts_at + horizon, false) as has_outcome
    from looked_back
    where coalesce(instants[reached_before] < since_at, true)
),

final as (
    select
        looked_ahead.friction_type,
        {{ number_of(['looked_ahead.opportunity_key']) }} as opportunity_number,
        looked_ahead.customer_number,
        {{ number_of(['looked_ahead.journey_unit']) }} as journey_number,
        looked_ahead.outcome,
        looked_ahead.touchpoint,
        looked_ahead.device,
        looked_ahead.channel,
        looked_ahead.step,
        looked_ahead.started_on,
        looked_ahead.risk_at,
        looked_ahead.is_affected,
        looked_ahead.has_outcome,
        coalesce(segments.segment, 'new') as segment,
        case
            when looked_ahead.is_visit and looked_ahead.earlier_touchpoint_count < 3 then 'few'
            when looked_ahead.is_visit and looked_ahead.earlier_touchpoint_count < 10 then 'some'
            when looked_ahead.is_visit then 'many'
            when looked_ahead.reached_count <= 1 then 'first'
            when looked_ahead.reached_count <= 4 then 'some'
            else 'many'
        end as opportunity_band
    from looked_ahead
    left join segments
        on
            looked_ahead.customer_number = segments.customer_number
            and looked_ahead.started_on >= segments.valid_from
            and looked_ahead.started_on < segments.valid_to
)

select * from final
