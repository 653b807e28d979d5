{#- 80 % quantile of Student's t, Cornish–Fisher to the second order; tabled for 1 and 2 degrees. -#}
{% macro student_t_80(degrees) -%}
    (case {{ degrees }}
        when 1 then 1.376382
        when 2 then 1.060660
        else 0.841621 + 0.359440 / {{ degrees }} + 0.147652 / power({{ degrees }}, 2)
    end)
{%- endmacro %}

{#-
    Half-widths of an initiative's effect and of its movement before, the largest movement that would be missed one time
    in five, and how unusual the effect is among the placebos. Reads the CTEs `effects` and `placebos`.
-#}
{% macro initiative_errors() -%}
        {%- set t = student_t_975('(effects.control_count - 1)') %}
        case
            when not effects.is_mature then null
            when effects.control_count >= {{ var('initiative_minimum_controls') }} then {{ t }} * effects.effect_standard_error
            when effects.control_count > 0 and placebos.placebo_count >= {{ var('initiative_minimum_controls') }}
                then {{ student_t_975('(placebos.placebo_count - 1)') }}
                    * sqrt(1.0 + 1.0 / placebos.placebo_count) * placebos.placebo_spread
        end as half_width,
        case when effects.control_count >= 2 then {{ t }} * effects.pre_trend_standard_error end as trend_half_width,
        case
            when effects.control_count >= 2
                then ({{ t }} + {{ student_t_80('(effects.control_count - 1)') }}) * effects.pre_trend_standard_error
        end as trend_missable,
        case
            when placebos.placebo_count > 0
                then (1.0 + len(list_filter(placebos.placebo_sizes, lambda size: size >= abs(effects.effect))))
                    / (1.0 + placebos.placebo_count)
        end as placebo_p_value
{%- endmacro %}

{#- Effect, test of the time before, placebos and return of an initiative; nothing where there is no effect to speak of. -#}
{% macro initiative_columns(relation) -%}
        {%- set effect -%}
            case when {{ relation }}.is_mature and {{ relation }}.control_count > 0 then {{ relation }}.effect end
        {%- endset %}
        {%- set gain = relation ~ '.gain_per_point' %}
        {{ effect }} as effect,
        round({{ effect }} - {{ relation }}.half_width, 6) as effect_low,
        round({{ effect }} + {{ relation }}.half_width, 6) as effect_high,
        {{ relation }}.pre_trend,
        round({{ relation }}.pre_trend - {{ relation }}.trend_half_width, 6) as pre_trend_low,
        round({{ relation }}.pre_trend + {{ relation }}.trend_half_width, 6) as pre_trend_high,
        round({{ relation }}.trend_missable, 6) as pre_trend_missable,
        cast({{ relation }}.placebo_count as bigint) as placebo_count,
        round({{ relation }}.placebo_p_value, 6) as placebo_p_value,
        cast({{ relation }}.cost_amount as decimal(18, 2)) as cost_amount,
        cast({{ gain }} * ({{ effect }}) as decimal(18, 2)) as gain_amount,
        cast(least(
            {{ gain }} * ({{ effect }} - {{ relation }}.half_width), {{ gain }} * ({{ effect }} + {{ relation }}.half_width)
        ) as decimal(18, 2)) as gain_low_amount,
        cast(greatest(
            {{ gain }} * ({{ effect }} - {{ relation }}.half_width), {{ gain }} * ({{ effect }} + {{ relation }}.half_width)
        ) as decimal(18, 2)) as gain_high_amount,
        round({{ gain }} * ({{ effect }}) / nullif({{ relation }}.cost_amount, 0) - 1, 4) as return_on_cost,
        round(least(
            {{ gain }} * ({{ effect }} - {{ relation }}.half_width), {{ gain }} * ({{ effect }} + {{ relation }}.half_width)
        ) / nullif({{ relation }}.cost_amount, 0) - 1, 4) as return_on_cost_low,
        round(greatest(
            {{ gain }} * ({{ effect }} - {{ relation }}.half_width), {{ gain }} * ({{ effect }} + {{ relation }}.half_width)
        ) / nullif({{ relation }}.cost_amount, 0) - 1, 4) as return_on_cost_high
{%- endmacro %}
