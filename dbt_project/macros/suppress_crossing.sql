{#- Where a part of a line is hidden, or its whole, two at least are, and enough; a part that is alone takes its whole along. -#}
{% macro cover_parts(relation, line, child, is_part, is_whole, name) %}
{%- set of_line = line | join(', ') %}
{{ name }}_seen as (
    select
        *,
        {{ is_part }} as is_part,
        {{ is_whole }} as is_whole,
        bool_or(is_suppressed) filter (where {{ is_part }} or {{ is_whole }}) over (partition by {{ of_line }}) as has_hidden,
        bool_or(is_suppressed) filter (where {{ is_part }}) over (partition by {{ of_line }}) as has_hidden_part,
        count(*) filter (where {{ is_part }}) over (partition by {{ of_line }}) as part_count,
        row_number() over hidden_first as cover_rank,
        coalesce(sum(customer_count) over (
            hidden_first rows between unbounded preceding and 1 preceding
        ), 0) as covered_count
    from {{ relation }}
    window hidden_first as (
        partition by {{ of_line }}, {{ is_part }} order by is_suppressed desc, customer_count, {{ child }}
    )
),

{{ name }} as (
    select
        * exclude (is_part, is_whole, has_hidden, has_hidden_part, part_count, cover_rank, covered_count)
        replace (
            is_suppressed
            or (is_part and has_hidden and {{ is_covering() }})
            or coalesce(is_whole and part_count = 1 and has_hidden_part, false) as is_suppressed
        )
    from {{ name }}_seen
)
{% endmacro %}

{#- The same for the segments of a cell and its row `all`. -#}
{% macro cover_segments(relation, cell, name) %}
{%- set of_cell = cell | join(', ') %}
{{ name }}_seen as (
    select
        *,
        bool_or(is_suppressed) over (partition by {{ of_cell }}, segment_dimension)
        or coalesce(
            bool_or(is_suppressed) filter (where segment_dimension = 'all') over (partition by {{ of_cell }}), false
        ) as has_hidden,
        is_suppressed
        and count(*) over (partition by {{ of_cell }}, segment_dimension) = 1
        and customer_count = max(customer_count) over (partition by {{ of_cell }}) as is_lone,
        row_number() over hidden_first as cover_rank,
        coalesce(sum(customer_count) over (
            hidden_first rows between unbounded preceding and 1 preceding
        ), 0) as covered_count
    from {{ relation }}
    window hidden_first as (
        partition by {{ of_cell }}, segment_dimension order by is_suppressed desc, customer_count, segment
    )
),

{{ name }} as (
    select
        * exclude (has_hidden, is_lone, cover_rank, covered_count)
        replace (
            is_suppressed
            or (segment_dimension <> 'all' and has_hidden and {{ is_covering() }})
            or (segment_dimension = 'all' and bool_or(is_lone) over (partition by {{ of_cell }})) as is_suppressed
        )
    from {{ name }}_seen
)
{% endmacro %}

{#- Whether a cell is needed beside those before it: two at least, which hold enough together. -#}
{% macro is_covering() -%}
    (cover_rank <= 2 or covered_count < {{ var('suppression_minimum_customers') }} + cover_rank - 2)
{%- endmacro %}

{#- If the last round still hid something, what it was about may be open: the whole dimension goes, of `all` everything. -#}
{% macro hide_what_stays_open(before, after, group, name) %}
{%- set of_group = group | join(', ') %}
{{ name }}_counted as (
    select
        *,
        count(*) filter (where is_suppressed) over (partition by {{ of_group }}, segment_dimension) as hidden_count,
        count(*) filter (where is_suppressed and segment_dimension = 'all') over (partition by {{ of_group }}) as hidden_all_count
    from {{ after }}
),

{{ name }}_earlier as (
    select
        {{ of_group }},
        segment_dimension,
        count(*) filter (where is_suppressed) as earlier_count
    from {{ before }}
    group by all
),

{{ name }}_earlier_wholes as (
    select
        {{ of_group }},
        earlier_count as earlier_all_count
    from {{ name }}_earlier
    where segment_dimension = 'all'
),

{{ name }} as (
    select
        cells.* exclude (hidden_count, hidden_all_count)
        replace (
            cells.is_suppressed
            or cells.hidden_count > earlier.earlier_count
            or coalesce(cells.hidden_all_count > wholes.earlier_all_count, false) as is_suppressed
        )
    from {{ name }}_counted as cells
    inner join {{ name }}_earlier as earlier using ({{ of_group }}, segment_dimension)
    left join {{ name }}_earlier_wholes as wholes using ({{ of_group }})
)
{% endmacro %}
