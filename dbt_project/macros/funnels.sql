{#-
    The funnel engine's inner loop, written once for every step: given the entries of one round with their start, find
    where the chain anchors and the touchpoint that fills each step. Rules (docs, "Funnels"): the chain starts at the
    first touchpoint of the lowest step met within the window; a step counts at its first touchpoint at or after the
    time of the step before; no touchpoint fills two steps; the funnel's window runs from the anchor, a step's from
    the step before, and the earlier end counts.
-#}
{% macro chain_steps(rounds) %}
    {%- set last = var('funnel_maximum_steps') -%}
    anchored as (
        select
            *,
            case entry_step
                {%- for step in range(1, last + 1) %}
                when {{ step }} then {{ first_touch(step, 'start_at', 'start_at + funnel_window', 'cast([] as bigint[])') }}
                {%- endfor %}
            end as anchor
        from (
            select
                *,
                case
                    {%- for step in range(1, last + 1) %}
                    when {{ first_touch(step, 'start_at', 'start_at + funnel_window', 'cast([] as bigint[])') }} is not null
                        then {{ step }}
                    {%- endfor %}
                end as entry_step
            from {{ rounds }}
        )
    ),

    chained_0 as (
        select
            *,
            anchor.occurred_at + funnel_window as deadline,
            cast([] as bigint[]) as used,
            cast(null as timestamp) as reached_at_0
        from anchored
    )
    {%- for step in range(1, last + 1) %},

    found_{{ step }} as (
        select
            *,
            case
                when entry_step = {{ step }} then anchor
                when entry_step < {{ step }} and reached_at_{{ step - 1 }} is not null
                    then {{ first_touch(
                        step,
                        'reached_at_' ~ (step - 1),
                        'least(deadline, coalesce(reached_at_' ~ (step - 1) ~ ' + step_windows[' ~ step ~ '], deadline))',
                        'used'
                    ) }}
            end as touch_{{ step }}
        from chained_{{ step - 1 }}
    ),

    chained_{{ step }} as (
        select
            * exclude (used),
            touch_{{ step }}.occurred_at as reached_at_{{ step }},
            case
                when touch_{{ step }} is null then used
                else list_append(used, touch_{{ step }}.position)
            end as used
        from found_{{ step }}
    )
    {%- endfor %}
{% endmacro %}

{#- The first touchpoint of a step from one instant to another, both included, that the entry may still use. -#}
{% macro first_touch(step, earliest, latest, used) -%}
    list_filter(
        touches_{{ step }},
        lambda touch: touch.position >= start_position
        and touch.occurred_at >= {{ earliest }}
        and touch.occurred_at <= {{ latest }}
        and not list_contains({{ used }}, touch.position)
    )[1]
{%- endmacro %}

{#-
    What converts at a step is what enters the next one: where the next step is suppressed, so is how this one ended.
    Reads the CTE `suppressed`, yields `final`.
-#}
{% macro hide_what_the_next_step_hides() %}
{%- set endings = [
    'converted_count', 'dropped_count', 'pending_count', 'mature_converted_count', 'conversion_rate',
    'conversion_rate_low', 'conversion_rate_high', 'tie_share'
] -%}
final as (
    select
        * exclude (is_next_suppressed)
        replace (
            {%- for ending in endings %}
            case when not is_next_suppressed then {{ ending }} end as {{ ending }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
    from (
        select
            *,
            coalesce(lead(is_suppressed) over (
                partition by funnel_id, entry_step, segment_dimension, segment order by step
            ), false) as is_next_suppressed
        from suppressed
    )
)
{% endmacro %}
