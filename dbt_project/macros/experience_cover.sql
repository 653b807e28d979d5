{#-
    Hides the small cells of the journey map and those they could be worked out from: of each stage's touchpoints and of
    the journey's stages, too, at least two are hidden where one is. `relation` is long, with `customer_count`. Yields the
    CTE `hidden`: `relation` with `is_suppressed`.
-#}
{% macro hide_experience(relation) %}
{{ suppress(relation, cell=['measure', 'stage', 'touchpoint'], measures=[], prefix='small', keep_count=true) }},

{{ experience_cover('small_suppressed', 'stage', "((touchpoint = 'all' and stage <> 'all') or stage = 'none')", 'of_journey', ['measure', 'segment_dimension']) }},

{{ experience_cover('of_journey', 'touchpoint', "touchpoint <> 'all'", 'hidden', ['measure', 'segment_dimension', 'stage'], "stage <> 'all'") }}
{% endmacro %}

{#-
    Two smallest children of each parent are hidden in every segment hidden in one child (or, with `is_hidden`, in what
    that picks out). Yields the CTE `<name>`: `relation` with `is_suppressed`.
-#}
{% macro experience_cover(relation, child, is_child, name, parent, is_hidden=none) %}
{{ name }}_marked as (
    select
        *,
        {{ is_child }} as is_child
    from {{ relation }}
),

{{ name }}_sizes as (
    select
        {{ parent | join(', ') }},
        {{ child }},
        row_number() over (
            partition by {{ parent | join(', ') }} order by sum(customer_count), {{ child }}
        ) as smallness_rank
    from {{ name }}_marked
    where is_child
    group by {{ parent | join(', ') }}, {{ child }}
),

{{ name }}_segments as (
    select
        {{ parent | join(', ') }},
        segment
    from {{ name }}_marked
    where is_suppressed and {{ is_hidden or 'is_child' }}
    group by all
),

{{ name }} as (
    select
        cells.* exclude (is_child, is_suppressed),
        cells.is_suppressed
        or coalesce(sizes.smallness_rank <= 2 and segments.segment is not null, false) as is_suppressed
    from {{ name }}_marked as cells
    left join {{ name }}_sizes as sizes
        on
            cells.is_child
            and cells.{{ child }} = sizes.{{ child }}
            {%- for column in parent %}
            and cells.{{ column }} = sizes.{{ column }}
            {%- endfor %}
    left join {{ name }}_segments as segments
        on
            cells.segment = segments.segment
            {%- for column in parent %}
            and cells.{{ column }} = segments.{{ column }}
            {%- endfor %}
)
{% endmacro %}
