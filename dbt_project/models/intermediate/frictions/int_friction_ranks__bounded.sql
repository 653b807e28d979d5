-- Frictions and enablers shown to matter, by value at stake within their segment, with the ranks the data leave open: above
-- all that are not surely dearer, below all that are not surely cheaper.
with effects as (
    select * from {{ ref('int_friction_effects__valued') }}
    where is_shown_to_matter
),

pairs as (
    select * from {{ ref('int_friction_pairs__compared') }}
),

ranked as (
    select
        kind,
        segment_dimension,
        segment,
        friction_type,
        cast(row_number() over value_order as integer) as friction_rank,
        cast(count(*) over (partition by kind, segment_dimension, segment) as integer) as rank_count,
        lead(friction_type) over value_order as next_type,
        median(value_at_stake) over (partition by kind, segment_dimension, segment) as median_value_at_stake
    from effects
    window value_order as (
        partition by kind, segment_dimension, segment order by value_at_stake desc nulls last, friction_type
    )
),

final as (
    select
        ranked.segment_dimension,
        ranked.segment,
        ranked.friction_type,
        ranked.friction_rank,
        ranked.median_value_at_stake,
        cast(1 + count(*) filter (
            where pairs.adjusted_p_value <= 0.05 and pairs.difference < 0
        ) as integer) as rank_low,
        cast(max(ranked.rank_count) - count(*) filter (
            where pairs.adjusted_p_value <= 0.05 and pairs.difference > 0
        ) as integer) as rank_high,
        bool_or(pairs.adjusted_p_value <= 0.05) filter (where pairs.other_type = ranked.next_type)
            as is_separable_from_next
    from ranked
    left join pairs using (segment_dimension, segment, friction_type)
    group by all
)

select * from final
