{#- Value of the sums of a cell by the kind of its KPI, before the two arms of a difference are taken together. -#}
{% macro kpi_value() -%}
    case
        when cells.unit_count = 0 then null
        when kpis.interval_kind in ('money_total', 'count') then cast(cells.sum_x as double)
        when cells.sum_n <> 0 then kpis.value_factor * cast(cells.sum_x as double) / cast(cells.sum_n as double)
    end
{%- endmacro %}

{#-
    The bound of a KPI by the kind of its interval; `side` is -1 for the lower, 1 for the upper one. A share of an amount
    may lie beyond 100 % (refunds of what was sold before the data begin); it is a ratio like any other then.
-#}
{% macro kpi_bound(side) -%}
    case
        when kpis.interval_kind in ('proportion', 'difference')
            then kpis.value_factor * {{ wilson('cells.sum_x', 'cells.sum_n', design_effect(), side) }}
        when kpis.interval_kind = 'amount_share' and cells.sum_x between 0 and cells.sum_n
            then {{ wilson('cells.sum_x', 'cells.sum_n', amount_design_effect(), side) }}
        when kpis.interval_kind = 'nps'
            then {{ nps_bound('cells.positive_count', 'cells.negative_count', 'cells.unit_count', side) }}
        when kpis.interval_kind in ('ratio', 'mean', 'mean_difference', 'amount_share') then {{ within_scale(
            'kpis.value_factor * (cast(cells.sum_x as double) / nullif(cast(cells.sum_n as double), 0) + ' ~ side ~ ' * '
            ~ ratio_half_width() ~ ')'
        ) }}
        when kpis.interval_kind = 'money_total'
            then cast(cells.sum_x as double) + {{ side }} * {{ z_95() }} * sqrt(cast(cells.sum_xx as double))
        when kpis.interval_kind = 'count' then {{ count_bound('cells.sum_x', 'cells.sum_xx', side) }}
    end
{%- endmacro %}

{#-
    Design effect of a share of an amount (refunded over sold), for `wilson`. The few units that carry the numerator say
    little about its variance. So it leans, with the weight of one of them, towards what it is when the whole amount of
    a customer goes or stays (Kish 1965: Σn² / Σn).
-#}
{% macro amount_design_effect(positives='positive_count', sum_n='sum_n', sum_nn='sum_nn') -%}
    ((
        cast({{ positives }} as double) * {{ design_effect() }}
        + cast({{ sum_nn }} as double) / nullif(cast({{ sum_n }} as double), 0)
    ) / (cast({{ positives }} as double) + 1.0))
{%- endmacro %}

{#-
    The two arms of a difference taken together: treated minus baseline, its bounds from those of both (Newcombe 1998;
    for means the same with their own bounds, Zou and Donner 2008). What has one arm only passes as it is. Of a difference
    no more people are behind the row, and no more units, than in its smaller arm. Yields the CTE `compared`.
-#}
{% macro kpi_arms_compared(relation) %}
arms as (
    select
        kpi_number,
        window_days,
        window_end,
        segment_dimension,
        segment,
        bool_or(arm <> 'all') as is_difference,
        min(customer_count) as customer_count,
        count(*) as arm_count,
        sum(unit_count) as n,
        min(unit_count) as least_n,
        sum(immature_count) as immature_count,
        {%- for name in ['sum_x', 'sum_n', 'value', 'value_low', 'value_high'] %}
        max({{ name }}) filter (where arm <> 'baseline') as {{ name }},
        max({{ name }}) filter (where arm = 'baseline') as baseline_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    group by all
),

compared as (
    select
        kpi_number,
        window_days,
        window_end,
        segment_dimension,
        segment,
        customer_count,
        sum_x as numerator,
        sum_n as denominator,
        baseline_sum_x as baseline_numerator,
        baseline_sum_n as baseline_denominator,
        n,
        case when is_difference and arm_count < 2 then 0 else least_n end as least_n,
        case when is_difference then value - baseline_value else value end as value,
        case
            when is_difference then value - baseline_value
                - sqrt(power(value - value_low, 2) + power(baseline_value_high - baseline_value, 2))
            else value_low
        end as value_low,
        case
            when is_difference then value - baseline_value
                + sqrt(power(value_high - value, 2) + power(baseline_value - baseline_value_low, 2))
            else value_high
        end as value_high,
        immature_count = 0 as is_mature
    from arms
)
{% endmacro %}
