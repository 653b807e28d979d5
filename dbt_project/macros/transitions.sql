{#-
    The sums behind the share of departures from a touchpoint that lead to another, from one row per step and customer. A
    customer who left the first touchpoint for elsewhere adds to the denominator only. Steps to and from `rare` with too
    few people in them are hidden, both at a touchpoint together (what comes in goes out, so one would tell the other),
    and are in no denominator, which would tell them too. Yields the CTE `judged`.
-#}
{% macro transition_shares(clusters) %}
{%- set columns = ['scope', 'window_days', 'segment_dimension', 'segment'] %}
{%- set place = columns | join(', ') %}
{%- set departure = [] %}
{%- for column in columns + ['from_touchpoint', 'customer_number'] %}{% do departure.append('clusters.' ~ column) %}{% endfor %}
few as (
    select
        {{ place }},
        touchpoint
    from (
        select
            {{ place }},
            from_touchpoint = 'rare' as is_from_rare,
            case when from_touchpoint = 'rare' then to_touchpoint else from_touchpoint end as touchpoint,
            count(*) as own_customer_count
        from {{ clusters }}
        where 'rare' in (from_touchpoint, to_touchpoint)
        group by all
    )
    where own_customer_count < {{ var('suppression_minimum_customers') }}
    group by all
),

departures as (
    select
        clusters.*,
        few.touchpoint is not null as is_hidden,
        case
            when few.touchpoint is null
                then cast(sum(case when few.touchpoint is null then clusters.cluster_x else 0 end) over (
                    partition by {{ number_of(departure) }}
                ) as bigint)
        end as cluster_n
    from {{ clusters }} as clusters
    left join few
        on
            'rare' in (clusters.from_touchpoint, clusters.to_touchpoint)
            and few.touchpoint in (clusters.from_touchpoint, clusters.to_touchpoint)
            {%- for column in columns %}
            and clusters.{{ column }} = few.{{ column }}
            {%- endfor %}
),

totals as (
    select
        {{ place }},
        from_touchpoint,
        sum(cluster_n) as sum_n,
        sum(cast(cluster_n as decimal(19, 4)) * cast(cluster_n as decimal(19, 4))) as sum_nn,
        count(*) as cluster_count
    from (
        select
            {{ place }},
            from_touchpoint,
            customer_number,
            sum(cluster_x) as cluster_n
        from departures
        where not is_hidden
        group by all
    )
    group by all
),

steps as (
    select
        {{ place }},
        from_touchpoint,
        to_touchpoint,
        is_hidden,
        count(*) as own_customer_count,
        sum(cluster_x) as sum_x,
        sum(cast(cluster_x as decimal(19, 4)) * cast(cluster_x as decimal(19, 4))) as sum_xx,
        sum(cast(cluster_x as decimal(19, 4)) * cast(cluster_n as decimal(19, 4))) as sum_xn
    from departures
    group by all
),

judged as (
    select
        steps.*,
        totals.sum_n,
        totals.sum_nn,
        totals.cluster_count
    from steps
    left join totals using ({{ place }}, from_touchpoint)
)
{% endmacro %}
