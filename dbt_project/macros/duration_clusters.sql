{#-
    Sums over persons of how many of their cases were over by the quantile (`value` of the relation `repeated`), by
    cell. Persons of one case are person 0 of `durations` together, and clusters of one. Yields the CTE `clustered`.
-#}
{% macro duration_clusters(durations, repeated) %}
judged as (
    select
        {{ durations }}.cell_number,
        {{ durations }}.person_number,
        {{ durations }}.unit_count,
        case when {{ durations }}.duration <= {{ repeated }}.value then {{ durations }}.unit_count else 0 end as short_count
    from {{ durations }}
    inner join {{ repeated }} on {{ durations }}.cell_number = {{ repeated }}.cell_number
    where not {{ durations }}.is_open or {{ durations }}.duration > {{ repeated }}.value
),

persons as (
    select
        cell_number,
        person_number,
        sum(short_count) as cluster_x,
        sum(unit_count) as cluster_n
    from judged
    where person_number <> 0
    group by all
),

clusters as (
    select
        cell_number,
        {{ cluster_sums() }}
    from persons
    group by all
    union all
    -- each of one unit
    select
        cell_number,
        sum(short_count) as sum_x,
        sum(unit_count) as sum_n,
        sum(short_count) as sum_xx,
        sum(short_count) as sum_xn,
        sum(unit_count) as sum_nn,
        sum(unit_count) as cluster_count
    from judged
    where person_number = 0
    group by all
),

clustered as (
    select
        cell_number,
        {{ kpi_sums_of_sums(['sum_x', 'sum_n', 'sum_xx', 'sum_xn', 'sum_nn', 'cluster_count']) }}
    from clusters
    group by all
)
{% endmacro %}
