{#- What a funnel may follow, and what of a touchpoint says which subject of that kind it is of. -#}
{% macro funnel_subjects() -%}
    {{ return({
        'customer': 'touchpoints.customer_key',
        'account': 'touchpoints.account_id',
        'session': 'touchpoints.session_key',
        'form': "touchpoints.session_key || '/' || coalesce(touchpoints.form_id, '')",
        'order': 'touchpoints.order_id',
        'case': 'touchpoints.case_id',
        'contract': 'touchpoints.contract_id',
    }) }}
{%- endmacro %}

{#-
    The funnel engine's inner loop, written once: given histories that begin where an entry begins, find where the chain
    anchors, the touchpoint that fills each step, and what is left of the history after the entry. Rules (docs,
    "Funnels"): the chain starts at the first touchpoint of the lowest step met within the window; a step counts at its
    first touchpoint at or after the time of the step before; no touchpoint fills two steps; the funnel's window runs
    from the anchor, a step's from the step before, and the earlier end counts; the entry ends with its last step or
    with its window, and the next touchpoint that may open one begins the next.
    `histories` has funnel_id, subject_number, entry_number (of this entry) and touches, not empty; `rules` has one row per
    funnel. Yields columns of `entry_columns` from the CTE `left_over`.
-#}
{% macro one_entry(histories) %}
    {%- set last = var('funnel_maximum_steps') -%}
    opened as (
        select
            histories.*,
            rules.step_count,
            rules.funnel_window,
            rules.step_windows,
            case
                when histories.touches[1].steps & 1 > 0 then 1
                else list_bit_or(list_transform(
                    list_filter(
                        histories.touches,
                        lambda touch: touch.occurred_at <= histories.touches[1].occurred_at + rules.funnel_window
                    ),
                    lambda touch: touch.steps
                ))
            end as steps_met
        from {{ histories }} as histories
        inner join rules on histories.funnel_id = rules.funnel_id
    ),

    anchored as (
        select
            *,
            case
                when touches[1].steps & lowest_step > 0 then touches[1]
                else list_filter(touches, lambda touch: touch.steps & lowest_step > 0)[1]
            end as anchor
        from (
            select
                *,
                steps_met & -steps_met as lowest_step
            from opened
        )
    ),

    chained_0 as (
        select
            *,
            anchor.occurred_at + funnel_window as deadline,
            cast([] as integer[]) as used,
            cast(null as timestamp) as reached_at_0
        from anchored
    )
    {%- for step in range(1, last + 1) %},

    found_{{ step }} as (
        select
            *,
            case
                when lowest_step = {{ 2 ** (step - 1) }} then anchor
                when lowest_step < {{ 2 ** (step - 1) }} and step_count >= {{ step }} and reached_at_{{ step - 1 }} is not null
                    then {{ first_unused_touch(step) }}
            end as touch_{{ step }}
        from chained_{{ step - 1 }}
    ),

    chained_{{ step }} as (
        select
            * exclude (used),
            case
                when touch_{{ step }}.occurred_at <= least(
                    deadline, coalesce(reached_at_{{ step - 1 }} + step_windows[{{ step }}], deadline)
                ) then touch_{{ step }}.occurred_at
            end as reached_at_{{ step }},
            case
                when touch_{{ step }} is null then used else list_append(used, touch_{{ step }}.position)
            end as used
        from found_{{ step }}
    )
    {%- endfor %},

    ended as (
        select
            *,
            [{% for step in range(1, last + 1) %}reached_at_{{ step }}{{ ', ' if not loop.last }}{% endfor %}] as reached_at
        from chained_{{ last }}
    ),

    left_over as (
        select
            *,
            case
                when reached_at[step_count] is not null
                    then list_filter(touches, lambda touch: touch.is_opening and touch.position > list_max(used))[1].position
                when touches[-1].occurred_at > deadline
                    then list_filter(touches, lambda touch: touch.is_opening and touch.occurred_at > deadline)[1].position
            end as next_position
        from ended
    )
{% endmacro %}
