{#-
    What each customer adds to the error of lost outcomes, effect and score in each series (a type in a segment), linearised,
    in billionths, so that no order of summation shows; from the CTEs `cells`, `profiles` and `counted` (strata of the series
    wanted); yields `summed` by customer, with `customer_count`, how many customers a row of the cells stands for. A chance
    in a stratum with one side only adds nothing. Strata, series and what decides the series of a cell are numbered from
    one, and cells read place by place and stratum by stratum: what is looked up stays close together.
-#}
{% macro customer_terms() %}
numbered as (
    select
        *,
        cast(dense_rank() over (order by stratum_number) as integer) as stratum,
        cast(dense_rank() over (order by series_number) as integer) as series
    from counted
),

strata as (
    select
        series,
        stratum,
        cast(affected_count as double) as affected_count,
        cast(unaffected_count as double) as unaffected_count,
        cast(affected_outcome_count as double) / affected_count as affected_rate,
        cast(unaffected_outcome_count as double) / unaffected_count as unaffected_rate,
        cast(affected_outcome_count + unaffected_outcome_count as double) / (affected_count + unaffected_count)
            as pooled_rate,
        cast(affected_count as double) * unaffected_count / (affected_count + unaffected_count) as weight,
        sqrt(cast(affected_count + unaffected_count as double) / (affected_count + unaffected_count - 1))
            as finite_correction
    from numbered
    where affected_count > 0 and unaffected_count > 0
),

stratum_numbers as (
    select distinct
        stratum_number,
        stratum
    from numbered
),

series_numbers as (
    select distinct
        series_number,
        series
    from numbered
),

{{ numbered_places() }},

placed as (
    select
        places.place,
        stratum_numbers.stratum,
        cells.customer_number,
        cells.customer_count,
        cast(cells.affected_count as double) as n1,
        cast(cells.affected_outcome_count as double) as y1,
        cast(cells.unaffected_count as double) as n0,
        cast(cells.unaffected_outcome_count as double) as y0
    from cells
    inner join places
        on
            cells.friction_type = places.friction_type
            and cells.profile = places.profile
            and cells.device is not distinct from places.device
    inner join stratum_numbers on cells.stratum_number = stratum_numbers.stratum_number
    order by places.place, stratum_numbers.stratum
),

summed as (
    select
        series_of_places.series,
        placed.customer_number,
        max(placed.customer_count) as customer_count,
        cast(coalesce(sum(cast(1e9 * (
            strata.affected_count / strata.unaffected_count * (placed.y0 - placed.n0 * strata.unaffected_rate)
            - (placed.y1 - placed.n1 * strata.affected_rate)
        ) as bigint)), 0) as bigint) as lost_term,
        cast(coalesce(sum(cast(1e9 * strata.weight * (
            (placed.y1 - placed.n1 * strata.affected_rate) / strata.affected_count
            - (placed.y0 - placed.n0 * strata.unaffected_rate) / strata.unaffected_count
        ) as bigint)), 0) as bigint) as effect_term,
        cast(coalesce(sum(cast(1e9 * strata.weight * strata.finite_correction * (
            (placed.y1 - placed.n1 * strata.pooled_rate) / strata.affected_count
            - (placed.y0 - placed.n0 * strata.pooled_rate) / strata.unaffected_count
        ) as bigint)), 0) as bigint) as score_term
    from placed
    inner join series_of_places on placed.place = series_of_places.place
    left join strata on series_of_places.series = strata.series and placed.stratum = strata.stratum
    group by series_of_places.series, placed.customer_number
)
{%- endmacro %}
