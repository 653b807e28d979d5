{#- Sums of the customers' revenue that a share of revenue and its interval take; customers are the clusters. -#}
{% macro segment_revenue_sums() -%}
    sum(revenue_amount) as sum_x,
    sum(cast(revenue_amount as decimal(19, 4)) * cast(revenue_amount as decimal(19, 4))) as sum_xx,
    max(revenue_amount) as largest_amount
{%- endmacro %}

{#-
    Size and share of revenue of each segment of a dimension. A share in which one customer is more than the declared part
    of the segment's revenue is hidden, and with it those of the whole dimension: the last one is what is left. Yields the
    CTE `shared`.
-#}
{% macro segment_revenue_shares(relation) %}
totalled as (
    select
        *,
        sum(customer_count) over dimension as all_customer_count,
        sum(sum_x) over dimension as sum_n,
        sum(sum_xx) over dimension as sum_nn,
        bool_or(largest_amount > {{ var('suppression_dominance_share') }} * sum_x) over dimension as has_dominant
    from {{ relation }}
    window dimension as (partition by as_of_date, segment_dimension)
),

shared as (
    select
        as_of_date,
        segment_dimension,
        segment,
        customer_count,
        customer_count as segment_customer_count,
        round(cast(customer_count as double) / all_customer_count, 6) as customer_share,
        {{ wilson('customer_count', 'all_customer_count', '1.0', -1) }} as customer_share_low,
        {{ wilson('customer_count', 'all_customer_count', '1.0', 1) }} as customer_share_high,
        case
            when sum_n > 0 and not has_dominant then round(cast(sum_x as double) / cast(sum_n as double), 4)
        end as revenue_share,
        {%- for name, side in [('low', -1), ('high', 1)] %}
        case
            when sum_n > 0 and not has_dominant
                then round(
                    cast(sum_x as double) / cast(sum_n as double)
                    + {{ side }} * {{ ratio_half_width(sum_xn='sum_xx', clusters='all_customer_count') }}, 4
                )
        end as revenue_share_{{ name }},
        {%- endfor %}
        customer_count < {{ var('minimum_n') }} as is_small_n
    from totalled
)
{% endmacro %}
