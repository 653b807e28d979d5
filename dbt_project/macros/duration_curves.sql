{#-
    Kaplan–Meier curves of durations (`kpi_number`, window, segment, `duration`, `is_open`, `unit_count`): per cell and
    duration at which a case was over, the logarithm of the share still open and Greenwood's sum, in decimals, so that
    order does not matter. Yields the CTE `curves`.
-#}
{% macro duration_curves(relation) %}
instants as (
    select
        kpi_number,
        window_days,
        window_end,
        segment_dimension,
        segment,
        duration,
        coalesce(sum(unit_count) filter (where not is_open), 0) as over_count,
        sum(unit_count) as leaving_count
    from {{ relation }}
    group by all
),

at_risk as (
    select
        *,
        sum(leaving_count) over (
            partition by kpi_number, window_days, window_end, segment_dimension, segment
            order by duration desc rows between unbounded preceding and current row
        ) as at_risk_count
    from instants
),

shares as (
    select
        *,
        case
            when over_count < at_risk_count then ln(1.0 - cast(over_count as double) / cast(at_risk_count as double))
            else ln(1e-9)
        end as log_share,
        case
            when over_count < at_risk_count
                then
                    cast(over_count as double)
                    / (cast(at_risk_count as double) * cast(at_risk_count - over_count as double))
            else 0.0
        end as greenwood_term
    from at_risk
    where over_count > 0
),

curves as (
    select
        *,
        sum(cast(log_share as decimal(38, 15))) over so_far as log_survival,
        sum(cast(greenwood_term as decimal(38, 18))) over so_far as greenwood
    from shares
    window so_far as (
        partition by kpi_number, window_days, window_end, segment_dimension, segment
        order by duration rows between unbounded preceding and current row
    )
)
{% endmacro %}

{#-
    Sums over persons of how many of their cases were over by the quantile (`value` of the relation `repeated`), by the
    columns `cell`. Persons of one case are person 0 of `durations` together, and clusters of one. Yields the CTE `clustered`.
-#}
{% macro duration_clusters(durations, repeated, cell) %}
judged as (
    select
        {{ cell }},
        {{ durations }}.person_number,
        {{ durations }}.unit_count,
        case when {{ durations }}.duration <= {{ repeated }}.value then {{ durations }}.unit_count else 0 end as short_count
    from {{ durations }}
    inner join {{ repeated }} using ({{ cell }})
    where not {{ durations }}.is_open or {{ durations }}.duration > {{ repeated }}.value
),

persons as (
    select
        {{ cell }},
        person_number,
        sum(short_count) as cluster_x,
        sum(unit_count) as cluster_n
    from judged
    where person_number <> 0
    group by all
),

clusters as (
    select
        {{ cell }},
        {{ cluster_sums() }}
    from persons
    group by all
    union all
    -- each of one unit
    select
        {{ cell }},
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
        {{ cell }},
        {{ kpi_sums_of_sums(['sum_x', 'sum_n', 'sum_xx', 'sum_xn', 'sum_nn', 'cluster_count']) }}
    from clusters
    group by all
)
{% endmacro %}
