{#-
    Kaplan–Meier curves of durations (`cell_number`, `kpi_number`, `duration`, `is_open`, `unit_count`): per cell and
    duration at which a case was over, the logarithm of the share still open and Greenwood's sum, in decimals, so that
    order does not matter. Yields the CTE `curves`.
-#}
{% macro duration_curves(relation) %}
instants as (
    select
        cell_number,
        any_value(kpi_number) as kpi_number,
        duration,
        coalesce(sum(unit_count) filter (where not is_open), 0) as over_count,
        sum(unit_count) as leaving_count
    from {{ relation }}
    group by cell_number, duration
),

at_risk as (
    select
        *,
        sum(leaving_count) over (
            partition by cell_number
            order by duration rows between current row and unbounded following
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
        partition by cell_number
        order by duration rows between unbounded preceding and current row
    )
)
{% endmacro %}

{#- Where the bounds of the curve, that far from it, pass the quantile's height. -#}
{% macro duration_bounds(half_width) -%}
    min(duration) filter (where height * exp({{ half_width }}) <= log_rest) as value_low,
        min(duration) filter (where height * exp(-({{ half_width }})) <= log_rest and height > -20) as value_high
{%- endmacro %}
