-- Chances with what came after: left out are those whose outcome came before the clock starts, and those whose horizon is
-- still open. What makes two of them comparable is kept: segment, device, channel, week, and how far they had gone.
with judged as (
    select * from {{ ref('int_friction_opportunities__judged') }}
    where customer_key is not null
),

outcomes as (
    select
        {{ number_of(['outcome', 'customer_key']) }} as outcome_number,
        occurred_at,
        reached_count
    from {{ ref('int_friction_outcomes__dated') }}
),

segments as (
    select * from {{ ref('int_segments__dated') }}
    where segment_dimension = 'new_returning'
),

closed as (
    select
        *,
        {{ number_of(['outcome', 'customer_key']) }} as outcome_number,
        {{ business_date('risk_at') }} as started_on
    from judged
    where clock_starts_at + horizon + {{ days_interval(var('lateness_allowance_days')) }} <= observed_until_at
),

looked_back as (
    select
        closed.*,
        before.occurred_at as reached_before_at,
        coalesce(before.reached_count, 0) as reached_count
    from closed
    asof left join outcomes as before
        on closed.outcome_number = before.outcome_number and closed.clock_starts_at >= before.occurred_at
),

looked_ahead as (
    select
        looked_back.*,
        coalesce(ahead.occurred_at <= looked_back.clock_starts_at + looked_back.horizon, false) as has_outcome
    from looked_back
    asof left join outcomes as ahead
        on looked_back.outcome_number = ahead.outcome_number and looked_back.clock_starts_at < ahead.occurred_at
    where coalesce(looked_back.reached_before_at < looked_back.since_at, true)
),

final as (
    select
        looked_ahead.friction_type,
        looked_ahead.opportunity_key,
        looked_ahead.customer_key,
        looked_ahead.journey_unit,
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
            looked_ahead.customer_key = segments.customer_key
            and looked_ahead.started_on >= segments.valid_from
            and looked_ahead.started_on < segments.valid_to
)

select * from final
