{#- A mean of money per customer with its t interval, from paired sums of `cells`. -#}
{% macro cx_mean(name, clusters) -%}
    {%- set mean = 'cast(cells.' ~ name ~ '_x as double) / nullif(cast(cells.' ~ name ~ '_n as double), 0)' -%}
    {%- set half = ratio_half_width(
        'cells.' ~ name ~ '_x', 'cells.' ~ name ~ '_n', 'cells.' ~ name ~ '_xx', 'cells.' ~ name ~ '_xn',
        'cells.' ~ name ~ '_nn', 'cells.' ~ clusters
    ) -%}
    cast({{ mean }} as decimal(18, 2)) as {{ name }}_mean_amount,
    cast({{ mean }} - {{ half }} as decimal(18, 2)) as {{ name }}_mean_low_amount,
    cast({{ mean }} + {{ half }} as decimal(18, 2)) as {{ name }}_mean_high_amount
{%- endmacro %}

{#- The value of frictions and its bounds, summed over the touchpoints' shares of them. -#}
{% macro shared_frictions() -%}
    {%- for bound in ['', '_low', '_high'] %}
        sum(cast(
            cast(shared.value_at_stake as double) * rankings.value_at_stake{{ bound }}_amount / rankings.value_at_stake_amount
            as decimal(18, 2)
        )) as value{{ bound }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The same as columns of the journey map. -#}
{% macro friction_columns() -%}
    {%- for bound in ['', '_low', '_high'] %}
        cast(
            any_value(frictions.value{{ bound }}) filter (where not cells.is_cell_suppressed and not frictions.is_value_hidden) as decimal(18, 2)
        ) as friction_value{{ bound }}_amount{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Money of `cells`, unless most of it is one customer's. -#}
{% macro cx_money() -%}
    {%- for name in ['spend_mean', 'clv_mean', 'point_value'] %}
    {%- set last = loop.last %}
    {%- for bound in ['', '_low', '_high'] %}
        case when not cells.is_dominated then cells.{{ name }}{{ bound }}_amount end as {{ name }}{{ bound }}_amount{{ ',' if not (last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}

{#- The measures of `cx_value`, where the row is not suppressed. -#}
{% macro cx_shown() -%}
    {%- for name in [
        'n', 'retention_rate', 'retention_rate_low', 'retention_rate_high', 'spend_mean_amount', 'spend_mean_low_amount',
        'spend_mean_high_amount', 'clv_mean_amount', 'clv_mean_low_amount', 'clv_mean_high_amount', 'point_value_amount',
        'point_value_low_amount', 'point_value_high_amount', 'is_small_n',
    ] %}
        case when not is_suppressed then {{ name }} end as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#-
    What frictions cost at each touchpoint, stage and over the whole journey, and where that would tell a hidden touchpoint:
    its value is what its stage has more than the others, so that two are hidden, and the stage. `shares` has the value by
    touchpoint, `judged` which cells are hidden. Yields `placed_shares`, `hidden_shares` and `frictions`.
-#}
{% macro hidden_friction_shares(shares, judged) %}
placed_shares as (
    select
        {{ shares }}.*,
        coalesce(bool_and({{ judged }}.is_cell_suppressed), true) as is_place_hidden
    from {{ shares }}
    left join {{ judged }}
        on
            {{ shares }}.stage = {{ judged }}.stage
            and {{ shares }}.touchpoint = {{ judged }}.touchpoint
            and {{ shares }}.segment_dimension = {{ judged }}.segment_dimension
            and {{ shares }}.segment = {{ judged }}.segment
    group by all
),

hidden_shares as (
    select
        *,
        bool_or(is_place_hidden) over (partition by segment_dimension, segment)
        and (
            is_place_hidden
            or row_number() over (
                partition by segment_dimension, segment order by is_place_hidden desc, affected_count, touchpoint
            ) <= 2
        ) as is_share_hidden
    from placed_shares
),

frictions as (
    select
        segment_dimension,
        segment,
        coalesce(stage, 'all') as stage,
        coalesce(touchpoint, 'all') as touchpoint,
        sum(value) as value,
        sum(value_low) as value_low,
        sum(value_high) as value_high,
        -- the whole journey is what the ranking of frictions adds up to
        grouping(stage) = 0 and bool_or(is_share_hidden) as is_value_hidden
    from hidden_shares
    group by segment_dimension, segment, grouping sets ((stage, touchpoint), (stage), ())
)
{% endmacro %}
