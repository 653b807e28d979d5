{#-
    The measures of `journey_summary` from its sums. `customer_count` is the number of subjects behind the rarest value of
    the aspect in the segment. Yields the CTE `rated`.
-#}
{% macro journey_shares(relation) %}
rated as (
    select
        funnel_id,
        aspect,
        aspect_value,
        label_en,
        label_fr,
        segment_dimension,
        segment,
        coalesce(min(nullif(subject_count, 0)) over (
            partition by funnel_id, aspect, segment_dimension, segment
        ), 0) as customer_count,
        cast(sum_x as bigint) as journey_total,
        cast(subject_count as bigint) as journey_subject_count,
        cast(sum_n as bigint) as n,
        round(cast(sum_x as double) / sum_n, 6) as journey_share,
        {{ wilson('sum_x', 'sum_n', design_effect(), -1) }} as journey_share_low,
        {{ wilson('sum_x', 'sum_n', design_effect(), 1) }} as journey_share_high,
        round(cast(touchpoint_count as double) / nullif(sum_x, 0), 2) as touchpoint_mean,
        sum_n < {{ var('minimum_n') }} as is_small_n
    from {{ relation }}
)
{% endmacro %}
