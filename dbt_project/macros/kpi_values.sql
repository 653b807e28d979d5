{#- Value of the sums of a cell by the kind of its KPI, before the two arms of a difference are taken together. -#}
{% macro kpi_value() -%}
    case
        when cells.unit_count = 0 then null
        when kpis.interval_kind in ('money_total', 'count') then cast(cells.sum_x as double)
        when cells.sum_n <> 0 then kpis.value_factor * cast(cells.sum_x as double) / cast(cells.sum_n as double)
    end
{%- endmacro %}

{#-
    What the two bounds of a cell have in common, worked out once: the design effect of shares, the half-width of ratios.
    A share of an amount may lie beyond 100 % (refunds of what was sold before the data begin); it is a ratio like any
    other then.
-#}
{% macro kpi_spread() -%}
    case
        when kpis.interval_kind in ('proportion', 'difference') then {{ design_effect() }}
        when kpis.interval_kind = 'amount_share' and sum_x between 0 and sum_n then {{ amount_design_effect() }}
        when kpis.interval_kind in ('ratio', 'mean', 'mean_difference', 'amount_share') then {{ ratio_half_width() }}
    end
{%- endmacro %}

{#-
    The bound of a KPI by the kind of its interval; `side` is -1 for the lower, 1 for the upper one; `cells.spread` is
    the above.
-#}
{% macro kpi_bound(side) -%}
    case
        when kpis.interval_kind in ('proportion', 'difference')
            then kpis.value_factor * {{ wilson('cells.sum_x', 'cells.sum_n', 'cells.spread', side) }}
        when kpis.interval_kind = 'amount_share' and cells.sum_x between 0 and cells.sum_n
            then {{ wilson('cells.sum_x', 'cells.sum_n', 'cells.spread', side) }}
        when kpis.interval_kind = 'nps'
            then {{ nps_bound('cells.positive_count', 'cells.negative_count', 'cells.unit_count', side) }}
        when
            kpis.interval_kind in ('ratio', 'mean', 'mean_difference') and kpis.unit in ('amount', 'minutes')
            and cells.sum_x > 0 and cells.negative_count = 0 and cells.spread is not null
            then kpis.value_factor * {{ skewed_mean_bound(
                '(cast(cells.sum_x as double) / cast(cells.sum_n as double))', 'cells.spread', 'cells.cluster_count', side
            ) }}
        when kpis.interval_kind in ('ratio', 'mean', 'mean_difference', 'amount_share') then {{ within_scale(
            'kpis.value_factor * (cast(cells.sum_x as double) / nullif(cast(cells.sum_n as double), 0) + ' ~ side
            ~ ' * cells.spread)'
        ) }}
        when kpis.interval_kind = 'money_total'
            then cast(cells.sum_x as double) + {{ side }} * {{ z_95() }} * sqrt(cast(cells.sum_xx as double))
        when kpis.interval_kind = 'count' then {{ count_bound('cells.sum_x', 'cells.sum_xx', side) }}
    end
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
    where arm <> 'all'
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
        case when arm_count < 2 then 0 else least_n end as least_n,
        value - baseline_value as value,
        value - baseline_value
        - sqrt(power(value - value_low, 2) + power(baseline_value_high - baseline_value, 2)) as value_low,
        value - baseline_value
        + sqrt(power(value_high - value, 2) + power(baseline_value - baseline_value_low, 2)) as value_high,
        immature_count = 0 as is_mature
    from arms
    union all by name
    select
        kpi_number,
        window_days,
        window_end,
        segment_dimension,
        segment,
        customer_count,
        sum_x as numerator,
        sum_n as denominator,
        unit_count as n,
        unit_count as least_n,
        value,
        value_low,
        value_high,
        immature_count = 0 as is_mature
    from {{ relation }}
    where arm = 'all'
)
{% endmacro %}
