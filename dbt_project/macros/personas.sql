{#-
    Persona of each row of `profiles` (customer_key, month_start, counts and sums) by `rules` (persona, alternative,
    feature, at_least, at_most) and `personas` (persona, precedence). Customers with the same counts have the same persona,
    so each combination is judged once. A feature that is not known meets no condition. Yields the CTE `classified`.
-#}
{% macro persona_rules(profiles, rules, personas) %}
{%- set counts = [
    'purchase_day_count', 'top_tier_sum', 'path_count', 'information_source_sum', 'research_sum', 'reassurance_sum',
    'comparison_sum', 'cart_page_sum'
] %}
{%- set means = {
    'information_source_count': 'information_source_sum', 'research_count': 'research_sum',
    'reassurance_count': 'reassurance_sum', 'comparison_share': 'comparison_sum', 'cart_page_share': 'cart_page_sum'
} %}
combinations as (
    select distinct {{ counts | join(', ') }}
    from {{ profiles }}
),

numbered as (
    select
        *,
        row_number() over (order by {{ counts | join(', ') }}) as combination
    from combinations
),

features as (
    select
        combination,
        'purchase_day_count' as feature,
        cast(purchase_day_count as double) as feature_value
    from numbered
    union all
    select
        combination,
        'is_top_tier' as feature,
        cast(top_tier_sum as double) as feature_value
    from numbered
    {%- for feature, total in means.items() %}
    union all
    select
        combination,
        '{{ feature }}' as feature,
        cast({{ total }} as double) / path_count as feature_value
    from numbered
    where path_count > 0
    {%- endfor %}
),

alternatives as (
    select
        rules.persona,
        rules.alternative,
        numbered.combination
    from {{ rules }} as rules
    cross join numbered
    left join features on numbered.combination = features.combination and rules.feature = features.feature
    group by rules.persona, rules.alternative, numbered.combination
    having
        bool_and(
            features.feature_value is not null
            and features.feature_value >= coalesce(rules.at_least, features.feature_value)
            and features.feature_value <= coalesce(rules.at_most, features.feature_value)
        )
),

judged as (
    select
        alternatives.combination,
        arg_min(alternatives.persona, personas.precedence) as persona
    from alternatives
    inner join {{ personas }} as personas on alternatives.persona = personas.persona
    group by alternatives.combination
),

classified as (
    select
        {{ profiles }}.customer_key,
        {{ profiles }}.month_start,
        coalesce(judged.persona, 'unclassified') as persona
    from {{ profiles }}
    inner join numbered
        on
            {%- for count in counts %}
            coalesce({{ profiles }}.{{ count }}, -1) = coalesce(numbered.{{ count }}, -1){{ ' and' if not loop.last }}
            {%- endfor %}
    left join judged on numbered.combination = judged.combination
)
{% endmacro %}
