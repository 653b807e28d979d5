{#-
    From the sums of the CTEs `cells` and `of_all` (the whole journey of the segment) to one row per measure; yields
    `final`. The gap's variance is that of the difference of two means that share their people.
-#}
{% macro experience_measures() %}
{%- set mean = '(cast(cells.emotion_x as double) / nullif(cast(cells.emotion_n as double), 0))' %}
{{ experience_gaps() }},

measured as (
    select
        'touches' as measure,
        stage,
        touchpoint,
        segment_dimension,
        segment,
        journeys_persons as customer_count,
        touch_count as n,
        cast(touch_count as double) as value,
        cast(null as double) as value_low,
        cast(null as double) as value_high
    from cells
    where touch_count > 0
    union all
    select
        'journey_share' as measure,
        cells.stage,
        cells.touchpoint,
        cells.segment_dimension,
        cells.segment,
        cells.journeys_persons as customer_count,
        of_all.journeys_n as n,
        round(cast(cells.journeys_x as double) / cast(of_all.journeys_n as double), 6) as value,
        {{ wilson('cells.journeys_x', 'of_all.journeys_n', design_effect('cells.journeys_x', 'of_all.journeys_n', 'cells.journeys_xx', 'cells.journeys_xn', 'of_all.journeys_nn', 'of_all.journeys_persons'), -1) }} as value_low,
        {{ wilson('cells.journeys_x', 'of_all.journeys_n', design_effect('cells.journeys_x', 'of_all.journeys_n', 'cells.journeys_xx', 'cells.journeys_xn', 'of_all.journeys_nn', 'of_all.journeys_persons'), 1) }} as value_high
    from cells
    inner join of_all
        on cells.segment_dimension = of_all.segment_dimension and cells.segment = of_all.segment
    where cells.touch_count > 0
    union all
    select
        'emotion_index' as measure,
        stage,
        touchpoint,
        segment_dimension,
        segment,
        emotion_persons as customer_count,
        emotion_count as n,
        {{ bounded_by(mean, experience_half_width('emotion'), -100.0, 100.0) }}
    from cells
    where emotion_n > 0
    union all
    select
        'emotion_gap' as measure,
        stage,
        touchpoint,
        segment_dimension,
        segment,
        emotion_persons as customer_count,
        emotion_count as n,
        {{ bounded_by('gap', 'gap_half_width', -200.0, 200.0) }}
    from gaps
    union all
    select
        'csat' as measure,
        stage,
        touchpoint,
        segment_dimension,
        segment,
        csat_persons as customer_count,
        csat_n as n,
        round(cast(csat_x as double) / cast(csat_n as double), 6) as value,
        {{ wilson('csat_x', 'csat_n', design_effect('csat_x', 'csat_n', 'csat_xx', 'csat_xn', 'csat_nn', 'csat_persons'), -1) }} as value_low,
        {{ wilson('csat_x', 'csat_n', design_effect('csat_x', 'csat_n', 'csat_xx', 'csat_xn', 'csat_nn', 'csat_persons'), 1) }} as value_high
    from cells
    where csat_n > 0
    union all
    select
        'effort' as measure,
        stage,
        touchpoint,
        segment_dimension,
        segment,
        effort_persons as customer_count,
        effort_n as n,
        {{ bounded_by('cast(effort_x as double) / cast(effort_n as double)', experience_half_width('effort'), 0.0, 100.0) }}
    from cells
    where effort_n > 0
    union all by name
    select * from waits
),

final as (
    select
        measure,
        stage,
        touchpoint,
        segment_dimension,
        segment,
        cast(customer_count as bigint) as customer_count,
        cast(n as bigint) as n,
        value,
        value_low,
        value_high
    from measured
)
{% endmacro %}
