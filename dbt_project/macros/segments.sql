{#-
    The rows of a relation once per segment dimension, with the segment valid on the row's day. `device` names a column
    that overrides the customer's (a visit has its own device); rows without a customer are in segment 'unknown'.
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
            else coalesce(segments.segment, 'unknown')
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
