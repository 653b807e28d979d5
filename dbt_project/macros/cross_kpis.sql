{#-
    Conditions of cross-KPI rules against published values: `latest` is `kpi_latest`, `conditions` and `catalogue` are the
    seeds. A condition without a window takes the longest one of its KPI. A condition holds only where the value's interval
    lies wholly on the declared side of what it is compared with, interval included, where the interval of the difference
    between the two (their half-widths added as squares) is clear of the least difference that matters, in the unit of the
    KPI, and nothing rests on small numbers. A
    value of a whole period that is still provisional is compared with everybody's only, which is as provisional; other KPIs
    count mature observations alone.
    Yields the CTE `compared`: one row per condition and segment with its numbers, `is_judged` and `is_met`.
-#}
{% macro cross_kpi_comparisons(latest, conditions, catalogue) %}
windows as (
    select
        kpi_id,
        max(window_days) as longest_window_days
    from {{ latest }}
    group by kpi_id
),

asked as (
    select
        {{ conditions }}.*,
        catalogue.minimum_n,
        catalogue.aggregation = 'period' as is_of_period,
        cast(catalogue.target as double) as target,
        coalesce({{ conditions }}.window_days, windows.longest_window_days) as wanted_window_days,
        case
            when {{ conditions }}.side in ('above', 'below') then {{ conditions }}.side
            when catalogue.direction = 'higher_is_better'
                then case {{ conditions }}.side when 'worse' then 'below' when 'better' then 'above' end
            when catalogue.direction = 'lower_is_better'
                then case {{ conditions }}.side when 'worse' then 'above' when 'better' then 'below' end
        end as wanted_side
    from {{ conditions }}
    left join {{ catalogue }} as catalogue on {{ conditions }}.kpi_id = catalogue.kpi_id
    left join windows on {{ conditions }}.kpi_id = windows.kpi_id
),

placed as (
    select
        asked.*,
        {{ latest }}.segment_dimension,
        {{ latest }}.segment,
        {{ latest }}.label_en as kpi_label_en,
        {{ latest }}.label_fr as kpi_label_fr,
        {{ latest }}.unit,
        {{ latest }}.value,
        {{ latest }}.value_low,
        {{ latest }}.value_high,
        {{ latest }}.n,
        {{ latest }}.is_mature,
        {{ latest }}.is_small_n,
        {%- for name, column in {'value': 'value', 'low': 'value_low', 'high': 'value_high'}.items() %}
        case asked.comparison
            when 'all' then everybody.{{ column }}
            when 'previous' then {{ latest }}.previous_{{ column }}
            when 'target' then asked.target
            when 'threshold' then asked.threshold
        end as comparison_{{ name }},
        {%- endfor %}
        case asked.comparison when 'all' then everybody.n when 'previous' then {{ latest }}.previous_n end as comparison_n
    from asked
    inner join {{ latest }}
        on asked.kpi_id = {{ latest }}.kpi_id and asked.wanted_window_days = {{ latest }}.window_days
    left join {{ latest }} as everybody
        on
            asked.kpi_id = everybody.kpi_id
            and asked.wanted_window_days = everybody.window_days
            and everybody.segment_dimension = 'all'
    left join {{ ref('segment_dimensions') }} as dimensions
        on {{ latest }}.segment_dimension = dimensions.segment_dimension
    where
        -- everybody is not compared with everybody
        (asked.comparison <> 'all' or {{ latest }}.segment_dimension <> 'all')
        -- those of whom nothing is known are no group one could act for: visitors who never bought do not convert
        and {{ latest }}.segment not in ('unknown', coalesce(dimensions.silent_segment, 'unknown'))
),

judged as (
    select
        *,
        coalesce(
            value_low is not null
            and value_high is not null
            and comparison_low is not null
            and comparison_high is not null
            and wanted_side is not null
            and (is_mature or not is_of_period or comparison = 'all')
            and not is_small_n
            and n >= minimum_n
            and (comparison_n is null or comparison_n >= minimum_n),
            false
        ) as is_judged
    from placed
),

differing as (
    select
        *,
        round(value - comparison_value, 6) as difference,
        {%- for bound, sign, near, far in [('low', '-', 'value_low', 'high'), ('high', '+', 'value_high', 'low')] %}
        round(value - comparison_value {{ sign }}
            sqrt(power(value - {{ near }}, 2) + power(comparison_{{ far }} - comparison_value, 2)), 6) as difference_{{ bound }},
        {%- endfor %}
        coalesce(minimum_difference, 0) as least
    from judged
),

compared as (
    select
        * exclude (least),
        is_judged and case wanted_side
            when 'above' then value_low > comparison_high and difference_low > least
            else value_high < comparison_low and difference_high < -least
        end as is_met
    from differing
)
{% endmacro %}
