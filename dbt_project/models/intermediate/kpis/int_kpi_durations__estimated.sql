-- Quantiles of durations by Kaplan–Meier, those not over yet included: the least duration at which no more than the rest
-- is still open. Bounds are where the log-log bounds of the curve pass the same height (Brookmeyer and Crowley 1982); a
-- bound or value the curve never reaches is open. Logarithms are added up as decimals, so that order does not matter.
with durations as (
    select * from {{ ref('int_kpi_durations__expanded') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

cells as (
    select
        kpi_number,
        window_days,
        window_end,
        segment_dimension,
        segment,
        count(distinct person_number) as customer_count,
        sum(unit_count) as unit_count,
        sum(immature_count) as immature_count,
        coalesce(sum(unit_count) filter (where not is_open), 0) as over_count
    from durations
    group by all
),

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
    from durations
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
),

bounded as (
    select
        curves.*,
        ln(1.0 - kpis.quantile) + 1e-9 as log_rest,
        cast(curves.log_survival as double) as height,
        {{ z_95() }} * sqrt(cast(curves.greenwood as double)) / -cast(curves.log_survival as double) as log_log_width
    from curves
    inner join kpis on curves.kpi_number = kpis.kpi_number
    where curves.log_survival < 0
),

reached as (
    select
        kpi_number,
        window_days,
        window_end,
        segment_dimension,
        segment,
        min(duration) filter (where height <= log_rest) as value,
        min(duration) filter (where height * exp(log_log_width) <= log_rest) as value_low,
        min(duration) filter (where height * exp(-log_log_width) <= log_rest and height > -20) as value_high
    from bounded
    group by all
),

final as (
    select
        cells.*,
        cast(reached.value as double) as value,
        cast(case when reached.value is not null then reached.value_low end as double) as value_low,
        cast(reached.value_high as double) as value_high
    from cells
    left join reached using (kpi_number, window_days, window_end, segment_dimension, segment)
)

select * from final
