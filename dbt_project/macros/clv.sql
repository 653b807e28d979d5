{#- Measures of `segment_clv`, hidden where a segment is too small. -#}
{% macro clv_measures() -%}
    {{ return([
        'model', 'published_customer_count', 'valued_customer_count', 'net_revenue_amount', 'costs_amount',
        'costs_included', 'relationship_years', 'annual_net_revenue_amount', 'expected_order_count', 'clv_amount',
        'clv_mean_amount', 'clv_mean_low_amount', 'clv_mean_high_amount', 'p_alive_mean', 'p_alive_mean_low',
        'p_alive_mean_high', 'value_at_risk_amount', 'value_at_risk_low_amount', 'value_at_risk_high_amount', 'cac_amount',
        'cac_low_amount', 'cac_high_amount', 'clv_to_cac', 'clv_to_cac_low', 'clv_to_cac_high', 'payback_months',
        'is_fallback', 'fallback_reason', 'is_small_n'
    ]) }}
{%- endmacro %}

{#- The columns of `segment_clv` from its cells: rounding, division last, and what a method does not say left empty. -#}
{% macro clv_columns(relation) %}
    select
        segment_dimension,
        segment,
        method,
        horizon,
        model,
        '{{ var("reporting_currency") }}' as currency,
        {#- few valued among many are few people too, and one who brings most of it is one -#}
        least(
            case
                when valued_customer_count between 1 and {{ var('suppression_minimum_customers') }} - 1
                    then valued_customer_count
                else customer_count
            end
            {%- for amount in ['clv_amount', 'net_revenue_amount', 'value_at_risk_amount'] %},
            {{ count_unless_dominated('customer_count', 'largest_' ~ amount, 'absolute_' ~ amount) }}
            {%- endfor %}
        ) as customer_count,
        customer_count as published_customer_count,
        valued_customer_count,
        cast(net_revenue_amount as decimal(18, 2)) as net_revenue_amount,
        cast(costs_amount as decimal(18, 2)) as costs_amount,
        {#- acquisition is off what was and off a lifetime only; contracts have no margin known -#}
        case
            when method = 'contractual' then 'none'
            when method = 'predicted'
                then coalesce(nullif(replace(replace(kinds_of_cost, ', acquisition', ''), 'acquisition', ''), ''), 'none')
            else kinds_of_cost
        end as costs_included,
        round(cast(relationship_days as double) / 365.25, 6) as relationship_years,
        cast(cast(net_revenue_amount as double) * 365.25 / cast(relationship_days as double) as decimal(18, 2))
            as annual_net_revenue_amount,
        round(cast(expected_order_count as double), 4) as expected_order_count,
        case when valued_customer_count > 0 then cast(sum_x as decimal(18, 2)) end as clv_amount,
        cast(mean_value as decimal(18, 2)) as clv_mean_amount,
        cast(mean_value - half_width as decimal(18, 2)) as clv_mean_low_amount,
        cast(mean_value + half_width as decimal(18, 2)) as clv_mean_high_amount,
        {#- few judged, or won, among many are few people too: their interval would say how many -#}
        case when {{ are_many('judged_count') }} then round(cast(alive_count as double) / judged_count, 6) end
            as p_alive_mean,
        case when {{ are_many('judged_count') }} then {{ alive_bound(-1) }} end as p_alive_mean_low,
        case when {{ are_many('judged_count') }} then {{ alive_bound(1) }} end as p_alive_mean_high,
        case when {{ are_many('judged_count') }} then cast(value_at_risk_amount as decimal(18, 2)) end
            as value_at_risk_amount,
        {%- for name, side in [('low', -1), ('high', 1)] %}
        case
            when {{ are_many('judged_count') }}
                then cast(greatest(0.0,
                    cast(value_at_risk_amount as double) + {{ side }} * {{ z_95() }} * sqrt(cast(at_risk_xx as double))
                ) as decimal(18, 2))
        end as value_at_risk_{{ name }}_amount,
        {%- endfor %}
        case when {{ are_many('won_count') }} then cast(cac_amount as decimal(18, 2)) end as cac_amount,
        {%- for name, side in [('low', -1), ('high', 1)] %}
        case
            when {{ are_many('won_count') }}
                then cast(cast(cac_amount as double) * exp({{ side }} * {{ cac_log_half_width() }}) as decimal(18, 2))
        end as cac_{{ name }}_amount,
        {%- endfor %}
        case
            when cac_amount > 0 and {{ are_many('acquired_count') }}
                then round(cast(acquired_amount as double) / acquired_count / cast(cac_amount as double), 4)
        end as clv_to_cac,
        {%- for name, side in [('low', -1), ('high', 1)] %}
        case when cac_amount > 0 and {{ are_many('acquired_count') }} then {{ clv_to_cac_bound(side) }} end
            as clv_to_cac_{{ name }},
        {%- endfor %}
        case when horizon = 'to_date' then payback_months end as payback_months,
        is_fallback,
        fallback_reason,
        valued_customer_count < {{ var('minimum_n') }} as is_small_n
    from {{ relation }}
{% endmacro %}

{#- Whether a count is enough people to say something about. -#}
{% macro are_many(count) -%}
    {{ count }} >= {{ var('suppression_minimum_customers') }}
{%- endmacro %}

{#- An amount to three significant digits. -#}
{% macro three_digits(amount) -%}
    {%- set step = 'power(10.0, floor(log10(abs(cast(' ~ amount ~ ' as double)))) - 2)' -%}
    (case when {{ amount }} = 0 then 0 else round(cast({{ amount }} as double) / {{ step }}) * {{ step }} end)
{%- endmacro %}

{#- The gradients of the customers' values by the seven log-parameters, summed as decimals. -#}
{% macro gradient_sums() -%}
    [
    {%- for position in range(1, 8) %}
        cast(sum(cast(coalesce(gradient_{{ position }}, 0) as decimal(28, 8))) as double){{ ',' if not loop.last }}
    {%- endfor %}
    ]
{%- endmacro %}
