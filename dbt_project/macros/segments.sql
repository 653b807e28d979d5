{#-
    The rows of a relation once per segment dimension, with the segment valid on the row's day. `device` names a column
    that overrides the customer's (a visit has its own device). A visitor about whom nothing is said is in the segment
    the dimension declares for that; rows without a customer are in segment 'unknown'.
-#}
{% macro by_segment(relation, day, device=none) %}
    select
        {{ relation }}.*,
        dimensions.segment_dimension,
        case
            when dimensions.segment_dimension = 'all' then 'all'
            {% if device is not none -%}
            when dimensions.segment_dimension = 'device' then coalesce({{ relation }}.{{ device }}, segments.segment, 'unknown')
            {% endif -%}
            when {{ relation }}.customer_key is null then 'unknown'
            else coalesce(segments.segment, dimensions.default_segment, 'unknown')
        end as segment
    from {{ relation }}
    cross join {{ ref('segment_dimensions') }} as dimensions
    left join {{ ref('int_segments__dated') }} as segments
        on
            {{ relation }}.customer_key = segments.customer_key
            and dimensions.segment_dimension = segments.segment_dimension
            and {{ relation }}.{{ day }} >= segments.valid_from
            and {{ relation }}.{{ day }} < segments.valid_to
{% endmacro %}

{#-
    From which month start a customer is in which segment, from one row per customer and month start with `column`;
    in a month without a row the customer is in segment `otherwise`. Nothing is said of months after the as-of date.
    Yields the CTE `<dimension>_changes`; there must be a CTE `run_parameters`.
-#}
{% macro month_changes(relation, dimension, column, otherwise) %}
{{ dimension }}_rows as (
    select
        customer_key,
        {{ column }} as segment,
        month_start,
        {{ next_month('month_start') }} as following_month,
        lead(month_start) over (partition by customer_key order by month_start) as next_month_start
    from {{ relation }}
),

{{ dimension }}_stays as (
    select
        customer_key,
        segment,
        month_start as valid_from
    from {{ dimension }}_rows
    union all
    select
        {{ dimension }}_rows.customer_key,
        '{{ otherwise }}' as segment,
        {{ dimension }}_rows.following_month as valid_from
    from {{ dimension }}_rows
    cross join run_parameters
    where
        {{ dimension }}_rows.next_month_start is distinct from {{ dimension }}_rows.following_month
        and {{ dimension }}_rows.following_month <= run_parameters.as_of_date
),

{{ dimension }}_changes as (
    select
        customer_key,
        '{{ dimension }}' as segment_dimension,
        segment,
        valid_from
    from {{ dimension }}_stays
    qualify lag(segment) over (partition by customer_key order by valid_from) is distinct from segment
)
{% endmacro %}

{#-
    A segment's name from a value the company sends: without blanks around it and within bounds; NULL where it is empty, or
    looks like an e-mail address or a phone number typed into the wrong field: names of segments are published.
-#}
{% macro segment_name(value) -%}
    case
        when {{ value }} like '%@%' or regexp_matches({{ value }}, '[0-9]([ .-]?[0-9]){7}') then null
        else nullif(trim(left(trim({{ value }}), {{ var('segment_maximum_characters') }})), '')
    end
{%- endmacro %}
