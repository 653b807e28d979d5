{#-
    Persons in each cell, with the place (`places`: name and value; a profile, a device, …) they keep throughout it, as a
    single subject: most do, and are added up as they are. The place is null for the others. Yields the CTE `keepers`.
-#}
{% macro funnel_keepers(cell, places) -%}
keepers as (
    select
        {{ cell }},
        person_number,
        {%- for name, value in places.items() %}
        case
            when
                min({{ number_of([value]) }}) = max({{ number_of([value]) }})
                and min(subject_number) = max(subject_number)
                then any_value({{ value }})
        end as {{ name }}_kept,
        {%- endfor %}
        1 as subject_count,
        {{ funnel_counts() }}
    from steps
    group by {{ cell }}, person_number
)
{%- endmacro %}

{#- The counts of the subjects of those who do not keep one place as one subject, by place. -#}
{% macro funnel_changers(cell, name, value) -%}
{{ name }}_subjects as (
    select {{ cell }}, person_number, {{ value }} as {{ name }}_place, subject_number, {{ funnel_counts() }}
    from steps
    semi join (select * from keepers where {{ name }}_kept is null) as changers using ({{ cell }}, person_number)
    group by {{ cell }}, person_number, {{ name }}_place, subject_number
)
{%- endmacro %}

{#- What is counted per cell and place of all persons; yields the CTE `<name>_cells`. -#}
{% macro funnel_place_cells(cell, name, value) -%}
{{ funnel_changers(cell, name, value) }},

{{ name }}_persons as (
    select * exclude (person_number)
    from keepers
    where {{ name }}_kept is not null
    union all by name
    select {{ cell }}, {{ name }}_place as {{ name }}_kept, {{ funnel_person_sums() }}
    from {{ name }}_subjects
    group by {{ cell }}, person_number, {{ name }}_place
),

{{ name }}_cells as (
    select {{ cell }}, '{{ name }}' as segment_dimension, {{ name }}_kept as segment, {{ funnel_cell_sums() }}
    from {{ name }}_persons
    group by {{ cell }}, {{ name }}_kept
)
{%- endmacro %}
