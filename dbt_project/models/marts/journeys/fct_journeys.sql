-- Journeys with why they began and ended, what type they are and what they consisted of. Circular: what comes after the
-- end of one, a renewal or another purchase, is a journey of its own.
with journeys as (
    select * from {{ ref('int_journeys__entered') }}
),

measures as (
    select * from {{ ref('int_journeys__measured') }}
),

matched as (
    select * from {{ ref('int_journey_rules__matched') }}
),

reasons as (
    select
        journey_key,
        arg_min(value, precedence) filter (where rule_set = 'start_reason') as start_reason,
        arg_min(value, precedence) filter (where rule_set = 'end_reason') as end_reason,
        arg_min(value, precedence) filter (where rule_set = 'journey_type') as journey_type
    from matched
    group by journey_key
),

final as (
    select
        journeys.journey_key,
        journeys.funnel_id,
        journeys.subject,
        journeys.subject_key,
        journeys.customer_key,
        cast(journeys.journey_number as bigint) as journey_number,
        reasons.journey_type,
        reasons.start_reason,
        reasons.end_reason,
        cast(journeys.entry_step as integer) as entry_step,
        cast(journeys.stage_reached as integer) as stage_reached,
        cast(journeys.stage_count as integer) as stage_count,
        journeys.started_at,
        journeys.started_on,
        journeys.ended_at,
        cast(date_diff('second', journeys.started_at, journeys.ended_at) as bigint) as duration_seconds,
        cast(measures.touchpoint_count as bigint) as touchpoint_count,
        cast(measures.own_touchpoint_count as bigint) as own_touchpoint_count,
        cast(measures.channel_count as bigint) as channel_count,
        measures.channels,
        journeys.device,
        journeys.traffic_channel
    from journeys
    inner join reasons on journeys.journey_key = reasons.journey_key
    inner join measures on journeys.journey_key = measures.journey_key
)

select * from final
