-- What share of its lost outcomes a friction keeps where several struck the same journey, and what is charged to one that
-- caused it. A journey's loss, the sum of the harmful effects clipped to one, is split in proportion to them, so that
-- shares never exceed it.
with types as (
    select * from {{ ref('int_friction_types__declared') }}
    where kind = 'friction'
),

-- of each friction its effect among its own chances
additions as (
    select
        friction_type,
        greatest(0.0, -effect) as harm,
        case when single_effect < 0 then least(1.0, greatest(0.0, effect / single_effect)) else 1.0 end as adjustment
    from {{ ref('int_friction_additions__fitted') }}
    where friction_type = other_type
),

struck as (
    select
        friction_type,
        outcome,
        journey_unit,
        customer_number,
        device,
        started_on,
        opportunity_key,
        risk_at
    from {{ ref('int_friction_opportunities__compared') }}
    where is_affected
),

crowded as (
    select
        own.friction_type,
        own.opportunity_key,
        others.friction_type as other_type,
        min(others.risk_at) as other_risk_at,
        min(own.risk_at) as risk_at
    from struck as own
    inner join struck as others on own.journey_unit = others.journey_unit and own.outcome = others.outcome
    group by all
),

harms as (
    select
        crowded.friction_type,
        crowded.opportunity_key,
        max(additions.harm) filter (where crowded.other_type = crowded.friction_type) as own_harm,
        cast(sum(cast(additions.harm as decimal(18, 6))) as double) as joint_harm,
        count(*) as friction_count,
        arg_min(crowded.other_type, (crowded.other_risk_at, crowded.other_type)) filter (
            where list_contains(types.causes, crowded.other_type) and crowded.other_risk_at <= crowded.risk_at
        ) as charged_to
    from crowded
    inner join types on crowded.friction_type = types.friction_type
    inner join additions on crowded.other_type = additions.friction_type
    group by all
),

shared as (
    select
        harms.friction_type,
        coalesce(harms.charged_to, harms.friction_type) as charged_type,
        profiles.profile,
        struck.device,
        sum(cast(case
            when harms.joint_harm > 1 then harms.own_harm / harms.joint_harm else harms.own_harm
        end as decimal(18, 6))) as share,
        sum(cast(harms.own_harm as decimal(18, 6))) as harm,
        count(*) as affected_count,
        count(*) filter (where harms.friction_count > 1) as overlap_count
    from harms
    inner join struck
        on harms.friction_type = struck.friction_type and harms.opportunity_key = struck.opportunity_key
    {{ join_profiles('struck', 'started_on') }}
    group by all
),

segmented as (
    {{ by_profile('shared') }}
),

harmful as (
    select
        friction_type,
        segment_dimension,
        segment,
        cast(sum(harm) as double) as harm_sum,
        sum(affected_count) as affected_count,
        cast(sum(overlap_count) as bigint) as overlap_count
    from segmented
    group by all
),

final as (
    select
        segmented.friction_type,
        segmented.charged_type,
        segmented.segment_dimension,
        segmented.segment,
        max(harmful.overlap_count) as overlap_count,
        round(max(additions.adjustment) * coalesce(
            cast(sum(segmented.share) as double) / nullif(max(harmful.harm_sum), 0),
            cast(sum(segmented.affected_count) as double) / max(harmful.affected_count)
        ), 6) as loss_share
    from segmented
    inner join harmful using (friction_type, segment_dimension, segment)
    inner join additions on segmented.friction_type = additions.friction_type
    group by all
)

select * from final
