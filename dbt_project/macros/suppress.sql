{#-
    Hides what would say something about few people. `relation` has one row per cell, segment_dimension and segment,
    with `customer_count`. In each additive relation (the segments of one dimension of one cell) every segment under
    the minimum is hidden, then the next smallest, until at least two are hidden and each of them could hold any of as
    many values as the minimum (h hidden cells hold the minimum + h - 1 customers together); an `all` row is hidden when it is under the minimum itself. Hidden measures are NULL, and `is_suppressed` says so.
    Yields the CTEs `suppression_ranked`, `suppression_flagged` and `suppressed` (without `customer_count`, unless it is to
    be kept), with a prefix `<prefix>_ranked`, `<prefix>_flagged` and `<prefix>_suppressed`.
-#}
{% macro suppress(relation, cell, measures, prefix='', keep_count=false) %}
{%- set ranked = prefix ~ '_ranked' if prefix else 'suppression_ranked' %}
{%- set flagged = prefix ~ '_flagged' if prefix else 'suppression_flagged' %}
{{ ranked }} as (
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

{{ flagged }} as (
    select
        *,
        smallest_customer_count < {{ var('suppression_minimum_customers') }}
        and (
            customer_count < {{ var('suppression_minimum_customers') }}
            or smaller_customer_count < {{ var('suppression_minimum_customers') }} + smallness_rank - 2
            or smallness_rank <= 2
        ) as is_suppressed
    from {{ ranked }}
),

{{ prefix ~ '_suppressed' if prefix else 'suppressed' }} as (
    select
        * exclude (
            {{ '' if keep_count else 'customer_count, ' }}smaller_customer_count, smallness_rank, smallest_customer_count,
            is_suppressed
        )
        {%- if measures %}
        replace (
            {%- for measure in measures %}
            case when not is_suppressed then {{ measure }} end as {{ measure }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
        {%- endif %},
        is_suppressed
    from {{ flagged }}
)
{% endmacro %}

{#-
    Which cells to leave without what a few people in them did, be the cell itself large enough: `count_of_few` is how
    many they are. Hidden are cells with 1 to the minimum - 1 of them, then of the cells of the same additive relation
    the next smallest until, with the suppressed ones, at least two are hidden and hold enough together. `relation` has
    `is_suppressed` and the counts, not hidden. `or_where` says of which cells it is to be hidden, too, be they many or
    none. Yields the CTE `<name>`: `relation` with `is_<name>`.
-#}
{% macro hide_few(relation, cell, count_of_few, name, or_where='false') %}
{%- set is_few = '(' ~ count_of_few ~ ' between 1 and ' ~ var('suppression_minimum_customers') ~ ' - 1 or coalesce('
    ~ or_where ~ ', false))' %}
{{ name }}_ranked as (
    select
        *,
        coalesce(sum({{ count_of_few }}) over (fewest rows between unbounded preceding and 1 preceding), 0) as fewer_count,
        row_number() over fewest as few_rank,
        bool_or({{ is_few }}) over (partition by {{ cell | join(', ') }}, segment_dimension) as has_few
    from {{ relation }}
    window fewest as (
        partition by {{ cell | join(', ') }}, segment_dimension
        order by (is_suppressed or {{ is_few }}) desc, {{ count_of_few }}, segment
    )
),

{{ name }} as (
    select
        * exclude (fewer_count, few_rank, has_few),
        has_few
        and (
            is_suppressed
            or {{ is_few }}
            or fewer_count < {{ var('suppression_minimum_customers') }} + few_rank - 2
            or few_rank <= 2
        ) as is_{{ name }}
    from {{ name }}_ranked
)
{% endmacro %}
