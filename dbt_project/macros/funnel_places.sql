{#-
    Persons in each cell, with the place (`places`: name and value; the number of a profile, a device, …) they keep
    throughout it, as a single subject: most do, and are added up as they are. The place is null for the others. Yields the
    CTE `keepers`.
-#}
{% macro funnel_keepers(cell, places) -%}
keepers as (
    select
        {{ cell }},
        person_number,
        {%- for name, value in places.items() %}
        case
            when min({{ value }}) = max({{ value }}) and min(subject_number) = max(subject_number) then min({{ value }})
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

{#- What is counted per cell and place, by its number, of all persons; yields the CTE `<name>_cells`. -#}
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
    select {{ cell }}, {{ name }}_kept as place_number, {{ funnel_cell_sums() }}
    from {{ name }}_persons
    group by {{ cell }}, {{ name }}_kept
)
{%- endmacro %}

{#-
    What makes those who change their profile one person, per segment: from `profile_subjects` and `described`; yields the CTE
    `movers`. A person is the subject, or has subjects (sessions, forms, contracts), which are told apart first.
-#}
{% macro funnel_movers(cell) -%}
subjects_in_segment as (
    select
        {{ cell }},
        profile_subjects.person_number,
        profile_subjects.subject_number,
        described.segment_number,
        cast(sum(profile_subjects.cluster_x) as bigint) as cluster_x,
        cast(sum(profile_subjects.cluster_n) as bigint) as cluster_n
    from profile_subjects
    inner join described on profile_subjects.profile_place = described.profile
    where profile_subjects.person_number <> profile_subjects.subject_number
    group by all
),

movers as (
    select
        {{ cell }},
        segment_number,
        count(*) as subject_count,
        cast(sum(cluster_x) as bigint) as cluster_x,
        cast(sum(cluster_n) as bigint) as cluster_n
    from subjects_in_segment
    group by {{ cell }}, person_number, segment_number
    union all
    select
        {{ cell }},
        described.segment_number,
        1 as subject_count,
        cast(sum(profile_subjects.cluster_x) as bigint) as cluster_x,
        cast(sum(profile_subjects.cluster_n) as bigint) as cluster_n
    from profile_subjects
    inner join described on profile_subjects.profile_place = described.profile
    where profile_subjects.person_number = profile_subjects.subject_number
    group by {{ cell }}, profile_subjects.person_number, described.segment_number
)
{%- endmacro %}
