{#-
    The rows of a relation with numbers for the customer and both touchpoints; 0 is that of `rare`. Yields the CTEs
    `touchpoints`, to tell their names in the end, and `numbered`.
-#}
{% macro transition_numbers(relation) %}
touchpoints as (
    select
        touchpoint,
        case when touchpoint = 'rare' then 0 else row_number() over (order by touchpoint) end as touchpoint_number
    from (
        select from_touchpoint as touchpoint from {{ relation }}
        union
        select to_touchpoint as touchpoint from {{ relation }}
        union
        select 'rare' as touchpoint
    )
),

numbered as (
    select
        {{ relation }}.* exclude (from_touchpoint, to_touchpoint),
        {{ number_of([relation ~ '.customer_key']) }} as customer_number,
        origins.touchpoint_number as from_number,
        destinations.touchpoint_number as to_number
    from {{ relation }}
    inner join touchpoints as origins on {{ relation }}.from_touchpoint = origins.touchpoint
    inner join touchpoints as destinations on {{ relation }}.to_touchpoint = destinations.touchpoint
)
{% endmacro %}

{#-
    The sums behind the share of departures from a touchpoint that lead to another, from one row per step and customer, by
    their numbers. A customer who left the first touchpoint for elsewhere adds to the denominator only. Steps to and from
    `rare` with too few people in them are hidden, both at a touchpoint together (what comes in goes out, so one would tell
    the other), and are in no denominator, which would tell them too. Yields the CTE `judged`.
-#}
{% macro transition_shares(clusters) %}
few as (
    select
        place_number,
        touchpoint_number
    from (
        select
            place_number,
            from_number = 0 as is_from_rare,
            case when from_number = 0 then to_number else from_number end as touchpoint_number,
            count(*) as own_customer_count
        from {{ clusters }}
        where 0 in (from_number, to_number)
        group by all
    )
    where own_customer_count < {{ var('suppression_minimum_customers') }}
    group by all
),

departures as (
    select
        clusters.*,
        few.touchpoint_number is not null as is_hidden,
        case
            when few.touchpoint_number is null
                then cast(sum(case when few.touchpoint_number is null then clusters.cluster_x else 0 end) over (
                    partition by clusters.place_number, clusters.from_number, clusters.customer_number
                ) as bigint)
        end as cluster_n
    from {{ clusters }} as clusters
    left join few
        on
            0 in (clusters.from_number, clusters.to_number)
            and few.touchpoint_number in (clusters.from_number, clusters.to_number)
            and clusters.place_number = few.place_number
),

totals as (
    select
        place_number,
        from_number,
        sum(cluster_n) as sum_n,
        sum(cluster_n * cluster_n) as sum_nn,
        count(*) as cluster_count
    from (
        select
            place_number,
            from_number,
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
        place_number,
        from_number,
        to_number,
        is_hidden,
        count(*) as own_customer_count,
        sum(cluster_x) as sum_x,
        sum(cluster_x * cluster_x) as sum_xx,
        sum(cluster_x * cluster_n) as sum_xn
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
    left join totals using (place_number, from_number)
)
{% endmacro %}
