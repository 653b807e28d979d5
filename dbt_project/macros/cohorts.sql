{#-
    The cohorts of `relation` with `customer_count` as suppression is to take it: a quarter that would tell the one month
    hidden in it, being the sum of its months, counts as too small. The months' own suppression comes first. Yields the
    CTE `guarded_quarters`.
-#}
{% macro guarded_quarters(relation) %}
first_months as (
    select
        cohort_start,
        segment_dimension,
        segment,
        customer_count
    from {{ relation }}
    where cohort_grain = 'month' and periods_since_first_order = 0
),

{{ suppress('first_months', cell=['cohort_start'], measures=[], prefix='month', keep_count=true) }},

told_quarters as (
    select
        cast(date_trunc('quarter', cohort_start) as date) as cohort_start,
        segment_dimension,
        segment
    from month_suppressed
    where is_suppressed
    group by all
    having count(*) = 1 or sum(customer_count) < {{ var('suppression_minimum_customers') }} + count(*) - 1
),

guarded_quarters as (
    select
        {{ relation }}.* replace (
            case
                when {{ relation }}.cohort_grain = 'quarter' and told_quarters.segment is not null
                    then least({{ relation }}.customer_count, {{ var('suppression_minimum_customers') }} - 1)
                else {{ relation }}.customer_count
            end as customer_count
        )
    from {{ relation }}
    left join told_quarters
        on
            {{ relation }}.cohort_start = told_quarters.cohort_start
            and {{ relation }}.segment_dimension = told_quarters.segment_dimension
            and {{ relation }}.segment = told_quarters.segment
)
{% endmacro %}
