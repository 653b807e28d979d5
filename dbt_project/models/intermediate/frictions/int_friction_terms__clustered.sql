-- Per series, a type in a segment, the squares of what its customers add to the error of lost outcomes, effect and score.
-- Of customers with a single cell of a type, those whose cells are alike add the same: one of them stands for all, and only
-- the others are summed customer by customer.
with counted_cells as not materialized (
    select * from {{ ref('int_friction_cells__profiled') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

counted as (
    select * from {{ ref('int_friction_strata__counted') }}
),

customers as (
    select
        friction_type,
        customer_number,
        count(*) as cell_count
    from counted_cells
    group by friction_type, customer_number
),

cells as (
    select
        friction_type,
        profile,
        device,
        stratum_number,
        affected_count,
        affected_outcome_count,
        unaffected_count,
        unaffected_outcome_count,
        min(customer_number) as customer_number,
        count(*) as customer_count
    from counted_cells
    semi join (select * from customers where cell_count = 1) as customers using (friction_type, customer_number)
    group by all
    union all by name
    select
        counted_cells.* exclude (
            recent_affected_count, recent_affected_outcome_count, previous_affected_count,
            previous_affected_outcome_count, first_seen_on
        ),
        1 as customer_count
    from counted_cells
    semi join (select * from customers where cell_count > 1) as customers using (friction_type, customer_number)
),

{{ customer_terms() }},

final as (
    select
        series_numbers.series_number,
        cast(sum(summed.customer_count) as bigint) as customer_count,
        cast(coalesce(sum(summed.customer_count) filter (
            where summed.lost_term <> 0 or summed.score_term <> 0
        ), 0) as bigint) as cluster_count,
        {%- for term in ['lost', 'effect', 'score'] %}
            cast(sum(
                summed.customer_count * cast(summed.{{ term }}_term as hugeint) * summed.{{ term }}_term
            ) as double) / 1e18 as {{ term }}_square_sum,
        {%- endfor %}
        cast(sum(summed.customer_count * cast(summed.score_term as hugeint)) as double) / 1e9 as score_sum
    from summed
    inner join series_numbers on summed.series = series_numbers.series
    group by series_numbers.series_number
)

select * from final
