-- Which of two frictions of a segment costs more, and whether that is sure. Both come from the same customers, so their
-- difference is judged by what each customer adds to it: the customer-level Poisson bootstrap of the linearised values,
-- drawn infinitely often. Holm's correction over the pairs of a segment; only frictions shown to matter are compared.
with effects as (
    select
        *,
        kept_share * cast(value_amount as double) as value_of_term
    from {{ ref('int_friction_effects__valued') }}
    where is_shown_to_matter
),

pairs as (
    select
        one.kind,
        one.segment_dimension,
        one.segment,
        one.friction_type,
        other.friction_type as other_type,
        one.series_number,
        other.series_number as other_number,
        one.value_at_stake - other.value_at_stake as difference,
        one.value_of_term,
        other.value_of_term as other_value_of_term,
        power(one.value_of_term * one.lost_outcomes_standard_error, 2)
        + power(other.value_of_term * other.lost_outcomes_standard_error, 2) as apart_variance
    from effects as one
    inner join effects as other
        on
            one.kind = other.kind
            and one.segment_dimension = other.segment_dimension
            and one.segment = other.segment
            and one.friction_type < other.friction_type
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

counted as (
    select * from {{ ref('int_friction_strata__counted') }}
    where
        series_number in (select pairs.series_number from pairs)
        or series_number in (select pairs.other_number from pairs)
),

cells as (
    select
        *,
        1 as customer_count
    from {{ ref('int_friction_cells__profiled') }}
    where friction_type in (select counted.friction_type from counted)
),

{{ lost_covariances() }},

tested as (
    select
        pairs.*,
        2.0 * {{ normal_upper_tail(
            "abs(pairs.difference) / sqrt(greatest(1e-12, pairs.apart_variance"
            ~ " - 2.0 * pairs.value_of_term * pairs.other_value_of_term * coalesce(shared.covariance, 0)))"
        ) }} as p_value
    from pairs
    left join shared on pairs.series_number = shared.series_number and pairs.other_number = shared.other_number
),

ordered as (
    select
        *,
        count(*) over (partition by kind, segment_dimension, segment) as pair_count,
        row_number() over (
            partition by kind, segment_dimension, segment order by p_value, friction_type, other_type
        ) as p_rank
    from tested
),

adjusted as (
    select
        *,
        least(1.0, max((pair_count - p_rank + 1) * p_value) over (
            partition by kind, segment_dimension, segment
            order by p_rank rows between unbounded preceding and current row
        )) as adjusted_p_value
    from ordered
),

final as (
    select
        segment_dimension,
        segment,
        friction_type,
        other_type,
        difference,
        round(adjusted_p_value, 6) as adjusted_p_value
    from adjusted
    union all
    select
        segment_dimension,
        segment,
        other_type as friction_type,
        friction_type as other_type,
        -difference as difference,
        round(adjusted_p_value, 6) as adjusted_p_value
    from adjusted
)

select * from final
