{%- set cell = 'kpi_number, window_days, window_end, segment_dimension, segment' %}
-- Quantiles of durations by Kaplan–Meier, those not over yet included: the least duration at which no more than the rest
-- is still open. Bounds are where the log-log bounds of the curve pass the same height (Brookmeyer and Crowley 1982); a
-- bound or value the curve never reaches is open. Cases of one person are alike: Greenwood's variance is multiplied by
-- the design effect of "over by the quantile", persons being clusters (Woodruff 1952); a case given up before tells nothing
-- of that. Persons of one case (number 0) are clusters of one.
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
        count(distinct person_number) filter (where person_number <> 0)
        + coalesce(sum(unit_count) filter (where person_number = 0), 0) as customer_count,
        sum(unit_count) as unit_count,
        sum(immature_count) as immature_count,
        coalesce(sum(unit_count) filter (where not is_open), 0) as over_count
    from durations
    group by all
),

{{ duration_curves('durations') }},

falling as (
    select
        curves.*,
        ln(1.0 - kpis.quantile) + 1e-9 as log_rest,
        cast(curves.log_survival as double) as height,
        {{ z_95() }} * sqrt(cast(curves.greenwood as double)) / -cast(curves.log_survival as double) as log_log_width
    from curves
    inner join kpis on curves.kpi_number = kpis.kpi_number
    where curves.log_survival < 0
),

quantiles as (
    select
        {{ cell }},
        min(duration) as value
    from falling
    where height <= log_rest
    group by all
),

-- only where somebody has several cases is there anything to cluster
repeated as (
    select quantiles.*
    from quantiles
    inner join cells using ({{ cell }})
    where cells.customer_count < cells.unit_count
),

{{ duration_clusters('durations', 'repeated', cell) }},

bounded as (
    select
        falling.*,
        falling.log_log_width * sqrt(
            case when clustered.sum_nn > clustered.sum_n then {{ design_effect() }} else 1.0 end
        ) as half_width
    from falling
    left join clustered using ({{ cell }})
),

reached as (
    select
        {{ cell }},
        min(duration) filter (where height <= log_rest) as value,
        min(duration) filter (where height * exp(half_width) <= log_rest) as value_low,
        min(duration) filter (where height * exp(-half_width) <= log_rest and height > -20) as value_high
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
    left join reached using ({{ cell }})
)

select * from final
