{#- What an entry leaves behind: its own facts and the touches after it, from the next one that may open an entry. -#}
{% macro entry_columns() -%}
    funnel_id,
    subject_number,
    entry_number,
    cast(bit_count(lowest_step - 1) + 1 as integer) as entry_step,
    touches[1].kind as touch_kind,
    touches[1].occurred_at as entered_at,
    deadline,
    reached_at,
    case
        when next_position is null then []
        else touches[next_position - touches[1].position + 1:]
    end as touches_left
{%- endmacro %}

{#-
    The first touchpoint of a step at or after the step before that the entry has not used. Of the first as many as the
    step's number one at least is unused; whether it is in time is for the caller to say: a later one would not be.
-#}
{% macro first_unused_touch(step) -%}
    list_filter(
        list_filter(
            touches,
            lambda touch: touch.steps & {{ 2 ** (step - 1) }} > 0 and touch.occurred_at >= reached_at_{{ step - 1 }}
        )[1:{{ step }}],
        lambda touch: not list_contains(used, touch.position)
    )[1]
{%- endmacro %}
