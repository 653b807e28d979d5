{#-
    The weeks of a segment add up to all time, which is published too: where weeks are hidden, they are two at least and
    hold enough customers together. More weeks are taken first from those in which something is hidden already, then the
    smallest of the dimension, so that the segments of a dimension are hidden in the same weeks. Reads a relation with
    `is_suppressed` and `customer_count`, yields `suppressed` without the count.
-#}
{% macro hide_weeks(relation) %}
{%- set minimum = var('suppression_minimum_customers') %}
weeks_weighed as (
    select
        *,
        count(*) filter (where is_suppressed) over segment_weeks as hidden_week_count,
        sum(case when is_suppressed then customer_count else 0 end) over segment_weeks as hidden_customer_count,
        sum(customer_count) over dimension_week as week_customer_count,
        bool_or(is_suppressed) over dimension_week as is_week_touched
    from {{ relation }}
    window
        segment_weeks as (partition by funnel_id, entry_step, step, segment_dimension, segment),
        dimension_week as (partition by funnel_id, entry_step, step, segment_dimension, entry_week)
),

weeks_ranked as (
    select
        *,
        row_number() over more_weeks as extra_rank,
        coalesce(sum(customer_count) over (
            more_weeks rows between unbounded preceding and 1 preceding
        ), 0) as extra_customer_count
    from weeks_weighed
    window more_weeks as (
        partition by funnel_id, entry_step, step, segment_dimension, segment, is_suppressed
        order by is_week_touched desc, week_customer_count, entry_week
    )
),

weeks_hidden as (
    select
        * exclude (
            is_suppressed, hidden_week_count, hidden_customer_count, week_customer_count, is_week_touched, extra_rank,
            extra_customer_count
        ),
        is_suppressed
        or (
            hidden_week_count > 0
            and (
                hidden_week_count + extra_rank <= 2
                or hidden_customer_count + extra_customer_count < {{ minimum }} + hidden_week_count + extra_rank - 2
            )
        ) as is_hidden
    from weeks_ranked
),

{#- a segment hidden for its other weeks must not stand alone in its week #}
weeks_closed as (
    select
        * exclude (is_hidden),
        is_hidden
        or (
            count(*) filter (where is_hidden) over week = 1
            and row_number() over (week_order) = 1
            and segment_dimension <> 'all'
        ) as is_suppressed
    from weeks_hidden
    window
        week as (partition by funnel_id, entry_step, step, entry_week, segment_dimension),
        week_order as (
            partition by funnel_id, entry_step, step, entry_week, segment_dimension, is_hidden
            order by customer_count, segment
        )
),

weeks_counted as (
    select
        *,
        count(*) filter (where is_suppressed) over segment_weeks = 1 and count(*) over segment_weeks > 1 as is_alone
    from weeks_closed
    window segment_weeks as (partition by funnel_id, entry_step, step, segment_dimension, segment)
),

{#- where that leaves one week of a segment alone after all, the dimension says nothing of the step #}
weeks_settled as (
    select
        * exclude (is_suppressed, is_alone),
        is_suppressed
        or bool_or(is_alone) over (partition by funnel_id, entry_step, step, segment_dimension) as is_suppressed
    from weeks_counted
),

suppressed as (
    select
        * exclude (customer_count)
        replace (
            {%- for measure in funnel_measures() + funnel_provisional_measures() + ['is_mature', 'is_small_n'] %}
            case when not is_suppressed then {{ measure }} end as {{ measure }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
    from weeks_settled
)
{% endmacro %}
