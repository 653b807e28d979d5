{#-
    Cells of `relation` (hidden or not) beside the same cell in the window before and a year ago, for every slot of
    `slots`; a KPI without any has its `all` row. What is hidden now is hidden in the windows before too, else the next
    release would tell. A window before that was not delivered in full is no comparison. Yields the CTE `compared`.
-#}
{% macro kpi_slots_compared(relation, slots) %}
{%- set past = ['value', 'value_low', 'value_high', 'n'] %}
latest_cells as (
    select
        kpi_id,
        slot_days as window_days,
        segment_dimension,
        segment
    from {{ relation }}
    where slot = 'latest'
    union
    select
        kpi_id,
        window_days,
        'all' as segment_dimension,
        'all' as segment
    from {{ slots }}
),

compared as (
    select
        latest_cells.kpi_id,
        latest.kpi_id as latest_kpi_id,
        latest_cells.segment_dimension,
        latest_cells.segment,
        cast(latest_cells.window_days as integer) as window_days,
        cast(slots.window_end as date) as window_end,
        slots.contradicted_from,
        {%- for name in ['numerator', 'denominator', 'baseline_numerator', 'baseline_denominator', 'n', 'value',
            'value_low', 'value_high'] %}
        latest.{{ name }},
        {%- endfor %}
        {%- for slot in ['previous', 'year_before'] %}
        {%- for name in past %}
        case when not coalesce(latest.is_suppressed, false) then {{ slot }}.{{ name }} end as {{ slot }}_{{ name }},
        {%- endfor %}
        {%- endfor %}
        latest.is_mature,
        latest.is_small_n,
        coalesce(latest.is_suppressed, false) as is_suppressed
    from latest_cells
    inner join {{ slots }} as slots
        on latest_cells.kpi_id = slots.kpi_id and latest_cells.window_days = slots.window_days
    {%- for slot in ['latest', 'previous', 'year_before'] %}
    left join {{ relation }} as {{ slot }}
        on
            latest_cells.kpi_id = {{ slot }}.kpi_id
            and latest_cells.window_days = {{ slot }}.slot_days
            and latest_cells.segment_dimension = {{ slot }}.segment_dimension
            and latest_cells.segment = {{ slot }}.segment
            {%- if slot == 'latest' %}
            and latest.slot = 'latest'
            {%- elif slot == 'previous' %}
            and previous.window_end = slots.previous_end
            and previous.is_complete
            {%- else %}
            and year_before.window_end = slots.year_before_end
            and year_before.is_complete
            {%- endif %}
    {%- endfor %}
)
{% endmacro %}
