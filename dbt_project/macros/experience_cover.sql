{#-
    Hides the small cells of the journey map and those they could be worked out from: of the segments of a cell, of each
    stage's touchpoints and of the journey's stages at least two are hidden where one is. What is felt in a cell is hidden
    where it is hidden who was there. Journeys are those of the whole segment in every cell, so that a segment hidden over
    the whole journey is hidden in each. `relation` is long, with `customer_count`. Yields the CTE `hidden`: `relation`
    with `is_suppressed`.
-#}
{% macro hide_experience(relation) %}
{{ suppress(relation, cell=['measure', 'stage', 'touchpoint'], measures=[], prefix='small', keep_count=true) }},

small_touches as (
    select * from small_suppressed
    where measure = 'touches'
),

{{ cover_journey('small_touches', 'touches_hidden') }},

small_others as (
    select
        others.* replace (
            others.is_suppressed
            or coalesce(touched.is_suppressed, false)
            or coalesce(others.measure = 'journey_share' and bool_or(others.is_suppressed) filter (
                where others.stage = 'all' and others.touchpoint = 'all'
            ) over (partition by others.measure, others.segment_dimension, others.segment), false) as is_suppressed
        )
    from small_suppressed as others
    left join touches_hidden as touched
        on
            others.stage = touched.stage
            and others.touchpoint = touched.touchpoint
            and others.segment_dimension = touched.segment_dimension
            and others.segment = touched.segment
    where others.measure <> 'touches'
),

{{ cover_journey('small_others', 'others_hidden') }},

hidden as (
    select * from touches_hidden
    union all by name
    select * from others_hidden
)
{% endmacro %}

{#- Two hidden where one is, among stages, touchpoints and segments, until all of them hold. Yields the CTE `<name>`. -#}
{% macro cover_journey(relation, name) %}
{%- set is_stage = "((touchpoint = 'all' and stage <> 'all') or stage = 'none')" %}
{%- set is_touchpoint = "(touchpoint <> 'all' and stage <> 'none')" %}
{%- for round in range(1, 4) %}
{{ cover_parts(
    relation if round == 1 else name ~ '_cover_' ~ (round - 1), ['measure', 'segment_dimension', 'segment'], 'stage',
    is_stage, "(stage = 'all' and touchpoint = 'all')", name ~ '_stages_' ~ round
) }},

{{ cover_parts(
    name ~ '_stages_' ~ round, ['measure', 'stage', 'segment_dimension', 'segment'], 'touchpoint', is_touchpoint,
    "(touchpoint = 'all' and stage <> 'all')", name ~ '_touchpoints_' ~ round
) }},

{{ cover_segments(name ~ '_touchpoints_' ~ round, ['measure', 'stage', 'touchpoint'], name ~ '_cover_' ~ round) }},
{% endfor %}

{{ hide_what_stays_open(name ~ '_cover_2', name ~ '_cover_3', ['measure'], name) }}
{% endmacro %}

{#-
    The same for one kind of part: a segment's parts add up to its whole, and the segments of a part to its row `all`.
    `parent` is what the parts are of, with `segment_dimension`. Yields the CTE `<name>`: `relation` with `is_suppressed`.
-#}
{% macro experience_cover(relation, child, is_child, name, parent) %}
{%- set group = parent | reject('equalto', 'segment_dimension') | list %}
{%- set is_whole = 'not (' ~ is_child ~ ')' %}
{%- for round in range(1, 4) %}
{{ cover_parts(
    relation if round == 1 else name ~ '_cover_' ~ (round - 1), parent + ['segment'], child, is_child, is_whole,
    name ~ '_parts_' ~ round
) }},

{{ cover_segments(name ~ '_parts_' ~ round, group + [child], name ~ '_cover_' ~ round) }},
{% endfor %}

{{ hide_what_stays_open(name ~ '_cover_2', name ~ '_cover_3', group, name) }}
{% endmacro %}
