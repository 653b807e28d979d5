-- Effects with what they are worth and how sure they are. Harm of frictions and benefit of enablers are tested one-sided;
-- false discoveries are controlled among the rows of all customers first, then among all others. Where the outcome of a
-- segment has no value of its own, that of all customers counts.
with effects as (
    select * from {{ ref('int_friction_effects__estimated') }}
),

types as (
    select * from {{ ref('int_friction_types__declared') }}
),

outcome_values as (
    select * from {{ ref('int_friction_outcomes__valued') }}
),

shares as (
    select * from {{ ref('int_friction_shares__split') }}
),

tested as (
    select
        effects.*,
        types.kind,
        types.outcome,
        case types.kind when 'enabler' then -1 else 1 end as direction,
        coalesce(own.outcome_value_amount, whole.outcome_value_amount) as value_amount,
        coalesce(own.outcome_value_standard_error, whole.outcome_value_standard_error) as value_standard_error,
        case
            when effects.effect_score is not null and effects.matched_count >= {{ var('minimum_n') }}
                then {{ normal_upper_tail(
                    "(case types.kind when 'enabler' then effects.effect_score else -effects.effect_score end)"
                ) }}
        end as p_value
    from effects
    inner join types on effects.friction_type = types.friction_type
    left join outcome_values as own
        on (types.outcome, effects.segment_dimension, effects.segment) = (own.outcome, own.segment_dimension, own.segment)
    left join outcome_values as whole on types.outcome = whole.outcome and whole.segment_dimension = 'all'
),

placed as (
    select
        *,
        count(p_value) over (partition by kind, segment_dimension = 'all') as test_count,
        row_number() over (
            partition by kind, segment_dimension = 'all'
            order by p_value nulls last, friction_type, segment_dimension, segment
        ) as p_rank
    from tested
),

controlled as (
    select
        *,
        case
            when p_value is not null
                then least(1.0, min(p_value * test_count / p_rank) over (
                    partition by kind, segment_dimension = 'all'
                    order by p_rank desc rows between unbounded preceding and current row
                ))
        end as q_value
    from placed
),

kept as (
    select
        friction_type,
        segment_dimension,
        segment,
        max(overlap_count) as overlap_count,
        coalesce(max(loss_share) filter (where charged_type = friction_type), 0) as kept_share
    from shares
    group by all
),

charged as (
    select
        shares.charged_type as friction_type,
        shares.segment_dimension,
        shares.segment,
        cast(sum(cast(
            shares.loss_share * greatest(effects.lost_outcomes, 0) as decimal(28, 6)
        )) as double) as charged_outcomes
    from shares
    inner join effects using (friction_type, segment_dimension, segment)
    where shares.charged_type <> shares.friction_type
    group by all
),

shared as (
    select
        controlled.*,
        coalesce(kept.overlap_count, 0) as overlap_count,
        case when controlled.lost_outcomes > 0 then coalesce(kept.kept_share, 1) else 1 end as kept_share,
        coalesce(charged.charged_outcomes, 0) as charged_outcomes
    from controlled
    left join kept using (friction_type, segment_dimension, segment)
    left join charged using (friction_type, segment_dimension, segment)
),

final as (
    select
        * replace (round(p_value, 6) as p_value, round(q_value, 6) as q_value),
        coalesce(q_value <= {{ var('friction_false_discovery_rate') }}, false) as is_shown_to_matter,
        direction * lost_outcomes * cast(value_amount as double) as value_if_alone,
        direction * (lost_outcomes * kept_share + charged_outcomes) * cast(value_amount as double) as value_at_stake,
        {{ z_95() }} * sqrt(
            power(cast(value_amount as double) * kept_share * lost_outcomes_standard_error, 2)
            + power((lost_outcomes * kept_share + charged_outcomes) * cast(value_standard_error as double), 2)
        ) as value_at_stake_half_width,
        {{ z_95() }} * sqrt(
            power(cast(value_amount as double) * lost_outcomes_standard_error, 2)
            + power(lost_outcomes * cast(value_standard_error as double), 2)
        ) as value_if_alone_half_width
    from shared
)

select * from final
