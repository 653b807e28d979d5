{#-
    Connected components. `links` has a row per link, `from_node` and `to_node`, whole numbers, in any order and as often as
    one likes. Yields the CTE `<name>`: `node_number` and `cluster_number`, the least node of its component; a node
    without a link is not in it. Belongs after `with recursive`.

    Large-star and small-star steps (Kiveris et al. 2014, "Connected components in MapReduce and beyond") shorten every
    path until each node hangs on the least one; a component that is such a star is settled and not looked at again, so
    most of the work is one pass, and a chain of n nodes takes about log n of them. It ends when all is settled.
-#}
{% macro connected_components(links, name) %}
{{ name }}_edges as (
    select distinct
        greatest(from_node, to_node) as upper_node,
        least(from_node, to_node) as lower_node
    from {{ links }}
    where from_node <> to_node
),

{{ name }}_walks as (
    {{ settled_edges(name ~ '_edges') }}
    union all
    (
        with mirrored as (
            select
                upper_node as node,
                lower_node as neighbour
            from {{ name }}_walks
            where not is_settled
            union all
            select
                lower_node as node,
                upper_node as neighbour
            from {{ name }}_walks
            where not is_settled
        ),

        lowest as (
            select
                node,
                least(node, min(neighbour)) as least_node
            from mirrored
            group by node
        ),

        large_star as (
            select
                mirrored.neighbour as upper_node,
                lowest.least_node as lower_node
            from mirrored
            inner join lowest on mirrored.node = lowest.node
            where mirrored.neighbour > mirrored.node
        ),

        lower_ends as (
            select
                upper_node,
                min(lower_node) as least_node
            from large_star
            group by upper_node
        ),

        small_star as (
            select
                upper_node,
                least_node as lower_node
            from lower_ends
            union
            select
                large_star.lower_node as upper_node,
                lower_ends.least_node as lower_node
            from large_star
            inner join lower_ends on large_star.upper_node = lower_ends.upper_node
            where large_star.lower_node <> lower_ends.least_node
        )

        {{ settled_edges('small_star') }}
    )
),

{{ name }} as (
    select
        upper_node as node_number,
        lower_node as cluster_number
    from {{ name }}_walks
    where is_settled
    union all
    select distinct
        lower_node as node_number,
        lower_node as cluster_number
    from {{ name }}_walks
    where is_settled
)
{% endmacro %}

{#- The edges of a relation; settled are those of stars, where every other node hangs on the least one and on nothing else. -#}
{% macro settled_edges(edges) -%}
    select
        {{ edges }}.upper_node,
        {{ edges }}.lower_node,
        stars.lower_node is not null as is_settled
    from {{ edges }}
    left join (
        select {{ edges }}.lower_node
        from {{ edges }}
        inner join (
            select
                upper_node,
                count(*) as edge_count
            from {{ edges }}
            group by upper_node
        ) as uppers on {{ edges }}.upper_node = uppers.upper_node
        left join (select distinct lower_node from {{ edges }}) as lowers on {{ edges }}.upper_node = lowers.lower_node
        left join (select distinct upper_node from {{ edges }}) as above on {{ edges }}.lower_node = above.upper_node
        group by {{ edges }}.lower_node
        having bool_and(uppers.edge_count = 1 and lowers.lower_node is null and above.upper_node is null)
    ) as stars on {{ edges }}.lower_node = stars.lower_node
{%- endmacro %}
