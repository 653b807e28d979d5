{#- What is added up over persons: sums, products, and those with anything to add. -#}
{% macro experience_person_sums() -%}
    {%- for name, numerator, denominator in [
        ('journeys', 'journey_count', 'journey_n'), ('emotion', 'emotion_x', 'emotion_n'),
        ('csat', 'csat_x', 'csat_count'), ('effort', 'effort_x', 'effort_count'),
    ] %}
    {{ paired_sums(numerator, denominator, name) }},
    count(*) filter (where {{ denominator }} > 0) as {{ name }}_persons,
    {%- endfor %}
    sum(emotion_count) as emotion_count,
    {%- for cell in ['emotion_x', 'emotion_n'] %}
    {%- for journey in ['whole_x', 'whole_n'] %}
    sum(cast({{ cell }} as decimal(19, 4)) * cast({{ journey }} as decimal(19, 4))) as {{ cell }}_{{ journey }}{{ ',' if not (loop.last and cell == 'emotion_n') }}
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}

{#- The sums of cells of which every person is in one only, added up. -#}
{% macro experience_sums_of_sums() -%}
    {%- for name in ['journeys', 'emotion', 'csat', 'effort'] %}
    {%- for part in ['x', 'n', 'xx', 'xn', 'nn', 'persons'] %}
    sum(profiled.{{ name }}_{{ part }}) as {{ name }}_{{ part }},
    {%- endfor %}
    {%- endfor %}
    {%- for name in ['touch_count', 'emotion_count', 'emotion_x_whole_x', 'emotion_x_whole_n', 'emotion_n_whole_x', 'emotion_n_whole_n'] %}
    sum(profiled.{{ name }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Half-width of a paired ratio of the CTE `cells`. -#}
{% macro experience_half_width(name) -%}
    {{ ratio_half_width(
        'cells.' ~ name ~ '_x', 'cells.' ~ name ~ '_n', 'cells.' ~ name ~ '_xx', 'cells.' ~ name ~ '_xn',
        'cells.' ~ name ~ '_nn', 'cells.' ~ name ~ '_persons'
    ) }}
{%- endmacro %}

{#- A value with bounds held within a scale; a bound without a half-width is open. -#}
{% macro bounded_by(value, half_width, low, high) -%}
    round({{ value }}, 6) as value,
    round(case when {{ half_width }} is not null then greatest({{ low }}, {{ value }} - {{ half_width }}) end, 6) as value_low,
    round(case when {{ half_width }} is not null then least({{ high }}, {{ value }} + {{ half_width }}) end, 6) as value_high
{%- endmacro %}

{#- A measure of the long relation `hidden` as columns of the wide one; nothing where the cell or the measure is hidden. -#}
{% macro experience_column(measure, part='value', as=none, type=none) -%}
    {%- set shown -%}
        max(cells.{{ part }}) filter (where cells.measure = '{{ measure }}' and not cells.is_suppressed and not cells.is_cell_suppressed)
    {%- endset -%}
    {{ 'cast(' ~ shown ~ ' as ' ~ type ~ ')' if type else shown }} as {{ as or measure ~ {'value': '', 'value_low': '_low', 'value_high': '_high', 'n': '_n'}[part] }}
{%- endmacro %}

{#- Mean and standard deviation over sums that add up exactly, whatever the order; of one value there is no deviation. -#}
{% macro exact_mean(column) -%}
    cast(sum(cast({{ column }} as decimal(28, 12))) as double) / count({{ column }})
{%- endmacro %}

{% macro exact_deviation(column) -%}
    sqrt(greatest(
        0.0,
        cast(sum(cast({{ column }} * {{ column }} as decimal(38, 18))) as double)
        - power(cast(sum(cast({{ column }} as decimal(28, 12))) as double), 2) / count({{ column }})
    ) / nullif(count({{ column }}) - 1, 0))
{%- endmacro %}

{#- The gap of each cell's feeling to that of the whole journey, with its half-width; yields `gaps`. -#}
{% macro experience_gaps() %}
{%- set mean = '(cast(cells.emotion_x as double) / nullif(cast(cells.emotion_n as double), 0))' %}
{%- set whole = '(cast(of_all.emotion_x as double) / nullif(cast(of_all.emotion_n as double), 0))' %}
gaps as (
    select
        cells.*,
        {{ mean }} - {{ whole }} as gap,
        case when cells.emotion_persons >= 2 then {{ student_t_975('(cells.emotion_persons - 1)') }} * sqrt(greatest(
            0.0,
            (cells.emotion_xx - 2.0 * {{ mean }} * cells.emotion_xn + power({{ mean }}, 2) * cells.emotion_nn)
            / power(cast(cells.emotion_n as double), 2)
            * cells.emotion_persons / (cells.emotion_persons - 1)
            + (of_all.emotion_xx - 2.0 * {{ whole }} * of_all.emotion_xn + power({{ whole }}, 2) * of_all.emotion_nn)
            / power(cast(of_all.emotion_n as double), 2)
            - 2.0 * (
                cells.emotion_x_whole_x - {{ whole }} * cells.emotion_x_whole_n
                - {{ mean }} * cells.emotion_n_whole_x + {{ mean }} * {{ whole }} * cells.emotion_n_whole_n
            ) / (cast(cells.emotion_n as double) * cast(of_all.emotion_n as double))
        )) end as gap_half_width
    from cells
    inner join of_all
        on cells.segment_dimension = of_all.segment_dimension and cells.segment = of_all.segment
    where cells.emotion_n > 0 and (cells.stage <> 'all' or cells.touchpoint <> 'all')
)
{% endmacro %}

{#- The touchpoints of the registry with a number each, in the order of their names. -#}
{% macro numbered_touchpoints() -%}
    select
        touchpoint,
        cast(row_number() over (order by touchpoint) as smallint) as touchpoint_number
    from {{ ref('touchpoints') }}
{%- endmacro %}
