{#-
    What converts at a step is what enters the next one: where the next step is suppressed, so is how this one ended.
    Reads the CTE `suppressed`, yields `final`.
-#}
{% macro hide_what_the_next_step_hides(of, endings) %}
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
                partition by {{ of | join(', ') }} order by step
            ), false) as is_next_suppressed
        from suppressed
    )
)
{% endmacro %}
