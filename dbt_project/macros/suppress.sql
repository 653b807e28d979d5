{#-
    Hides what would say something about few people. `relation` has one row per cell, segment_dimension and segment,
    with `customer_count`. In each additive relation (the segments of one dimension of one cell) every segment under
    the minimum is hidden, then the next smallest, until at least two are hidden and each of them could hold any of as
    many values as the minimum (h hidden cells hold the minimum + h - 1 customers together); an `all` row is hidden when it is under the minimum itself. Hidden measures are NULL, and `is_suppressed` says so.
    Yields the CTEs `suppression_ranked`, `suppression_flagged` and `suppressed` (without `customer_count`).
-#}
{% macro suppress(relation, cell, measures) %}
suppression_ranked as (
    select
        *,
        coalesce(sum(customer_count) over smaller, 0) as smaller_customer_count,
        row_number() over (
            partition by {{ cell | join(', ') }}, segment_dimension order by customer_count, segment
        ) as smallness_rank,
        min(customer_count) over (
            partition by {{ cell | join(', ') }}, segment_dimension
        ) as smallest_customer_count
    from {{ relation }}
    window smaller as (
        partition by {{ cell | join(', ') }}, segment_dimension
        order by customer_count, segment
        rows between unbounded preceding and 1 preceding
    )
),

suppression_flagged as (
    select
        *,
        smallest_customer_count < {{ var('suppression_minimum_customers') }}
        and (
            customer_count < {{ var('suppression_minimum_customers') }}
            or smaller_customer_count < {{ var('suppression_minimum_customers') }} + smallness_rank - 2
            or smallness_rank <= 2
        ) as is_suppressed
    from suppression_ranked
),

suppressed as (
    select
        * exclude (
            customer_count, smaller_customer_count, smallness_rank, smallest_customer_count, is_suppressed
        )
        replace (
            {%- for measure in measures %}
            case when not is_suppressed then {{ measure }} end as {{ measure }}{{ ',' if not loop.last }}
            {%- endfor %}
        ),
        is_suppressed
    from suppression_flagged
)
{% endmacro %}
