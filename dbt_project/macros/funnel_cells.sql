{#- What is counted of entries that reached a step. -#}
{% macro funnel_counts() -%}
    {%- for name, condition in {
        'converted_count': "step_outcome = 'converted'", 'dropped_count': "step_outcome = 'dropped'",
        'pending_count': "step_outcome = 'pending'", 'tie_count': 'is_tie', 'order_violation_count': 'has_order_violation',
        'cluster_n': 'is_mature', 'cluster_x': "is_mature and step_outcome = 'converted'"
    }.items() %}
    count(*) filter (where {{ condition }}) as {{ name }},
    {%- endfor %}
    count(*) as entrant_count
{%- endmacro %}

{#- The counts of the subjects of a person, added up. -#}
{% macro funnel_person_sums() -%}
    count(*) as subject_count,
    {%- for name in [
        'converted_count', 'dropped_count', 'pending_count', 'tie_count', 'order_violation_count', 'cluster_n', 'cluster_x',
        'entrant_count'
    ] %}
    cast(sum({{ name }}) as bigint) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- What is counted of entries, whoever made them, added up. -#}
{% macro funnel_entry_sums() -%}
    {%- for name in [
        'entrant_count', 'converted_count', 'dropped_count', 'pending_count', 'tie_count', 'order_violation_count'
    ] %}
    sum({{ name }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The counts of persons, added up, with the sums of squares the interval needs. -#}
{% macro funnel_cell_sums() -%}
    count(*) as customer_count,
    {%- for name in [
        'subject_count', 'entrant_count', 'converted_count', 'dropped_count', 'pending_count', 'tie_count',
        'order_violation_count'
    ] %}
    sum({{ name }}) as {{ name }},
    {%- endfor %}
    {{ cluster_sums(counts=true) }}
{%- endmacro %}

{#- The sums of cells that share nobody, added up. -#}
{% macro funnel_sums_of_sums() -%}
    {%- for name in [
        'customer_count', 'subject_count', 'entrant_count', 'converted_count', 'dropped_count', 'pending_count', 'tie_count',
        'order_violation_count', 'sum_x', 'sum_n', 'sum_xx', 'sum_xn', 'sum_nn', 'cluster_count'
    ] %}
    sum({{ name }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#-
    Quartiles of a sorted list of seconds with their 95 % bounds by order statistics; NULL under the least number of
    people a cell may show, and a bound is NULL ("open") where the list is too short to hold it.
-#}
{% macro quartiles(seconds) -%}
    {%- for name, share in {'p25': 0.25, 'median': 0.5, 'p75': 0.75}.items() %}
    {%- set half = z_95() ~ ' * sqrt(len(' ~ seconds ~ ') * ' ~ share ~ ' * ' ~ (1 - share) ~ ')' %}
    case
        when len({{ seconds }}) >= {{ var('suppression_minimum_customers') }}
            then {{ seconds }}[cast(ceil(len({{ seconds }}) * {{ share }}) as bigint)]
    end as seconds_to_next_{{ name }},
    case
        when
            len({{ seconds }}) >= {{ var('suppression_minimum_customers') }}
            and floor(len({{ seconds }}) * {{ share }} - {{ half }}) >= 1
            then {{ seconds }}[cast(floor(len({{ seconds }}) * {{ share }} - {{ half }}) as bigint)]
    end as seconds_to_next_{{ name }}_low,
    case
        when
            len({{ seconds }}) >= {{ var('suppression_minimum_customers') }}
            and ceil(len({{ seconds }}) * {{ share }} + {{ half }}) + 1 <= len({{ seconds }})
            then {{ seconds }}[cast(ceil(len({{ seconds }}) * {{ share }} + {{ half }}) as bigint) + 1]
    end as seconds_to_next_{{ name }}_high{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
