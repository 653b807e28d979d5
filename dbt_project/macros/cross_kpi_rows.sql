{#-
    The rows of `cross_kpi_findings`: a finding has one row per condition, with its numbers; a rule without a finding has one
    row of its own (condition 0) that says whether it could be evaluated. Yields the CTE `final`.
-#}
{% macro cross_kpi_rows(rules, outcomes, segments, compared) %}
{%- set numbers = [
    'kpi_id', 'kpi_label_en', 'kpi_label_fr', 'unit', 'comparison', 'value', 'value_low', 'value_high', 'n',
    'comparison_value', 'comparison_low', 'comparison_high', 'difference', 'difference_low', 'difference_high',
    'minimum_difference', 'is_mature', 'is_small_n'
] %}
found as (
    select
        {{ compared }}.rule_id,
        {{ compared }}.segment_dimension,
        {{ compared }}.segment,
        {{ compared }}.condition_number,
        {{ compared }}.wanted_window_days as window_days,
        {{ compared }}.wanted_side as side,
        {%- for number in numbers %}
        {{ compared }}.{{ number }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ compared }}
    inner join {{ segments }}
        on
            {{ compared }}.rule_id = {{ segments }}.rule_id
            and {{ compared }}.segment_dimension = {{ segments }}.segment_dimension
            and {{ compared }}.segment = {{ segments }}.segment
    where {{ segments }}.is_found
),

final as (
    select
        {{ rules }}.rule_id,
        {{ rules }}.rule_label_en,
        {{ rules }}.rule_label_fr,
        {{ rules }}.severity,
        {{ rules }}.owner,
        case
            when found.rule_id is not null then 'found'
            when {{ outcomes }}.evaluated_segment_count > 0 then 'nothing_found'
            else 'not_evaluated'
        end as rule_outcome,
        coalesce(found.segment_dimension, 'all') as segment_dimension,
        coalesce(found.segment, 'all') as segment,
        cast(coalesce(found.condition_number, 0) as integer) as condition_number,
        cast(found.window_days as integer) as window_days,
        found.side,
        {%- for number in numbers %}
        found.{{ number }},
        {%- endfor %}
        {{ rules }}.action_en,
        {{ rules }}.action_fr,
        cast({{ outcomes }}.evaluated_segment_count as bigint) as evaluated_segment_count,
        cast({{ outcomes }}.found_segment_count as bigint) as found_segment_count,
        case
            when {{ outcomes }}.evaluated_segment_count > 0 then null
            else coalesce({{ outcomes }}.missing_reason, 'no segment has enough mature observations of all its KPIs')
        end as unevaluated_reason
    from {{ rules }}
    inner join {{ outcomes }} on {{ rules }}.rule_id = {{ outcomes }}.rule_id
    left join found on {{ rules }}.rule_id = found.rule_id
)
{% endmacro %}
