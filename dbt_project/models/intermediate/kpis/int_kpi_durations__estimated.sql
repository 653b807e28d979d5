-- Quantiles of durations by Kaplan–Meier, those not over yet included: the least duration at which no more than the rest
-- is still open. Bounds are where the log-log bounds of the curve pass the same height (Brookmeyer and Crowley 1982); a
-- bound or value the curve never reaches is open. Cases of one person are alike: Greenwood's variance is multiplied by
-- the design effect of "over by the quantile", persons being clusters (Woodruff 1952); a case given up before tells nothing
-- of that. Persons of one case (number 0) are clusters of one. Cells, a KPI's window and segment, are numbers to the end.
with durations as (
    select * from {{ ref('int_kpi_durations__expanded') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

{{ by_segment_number('durations', 'profiles') }},

segmented as (
    select
        *,
        {{ number_of(['kpi_number', 'window_days', 'window_end', 'segment_number']) }} as cell_number
    from spread
),

cells as (
    select
        cell_number,
        any_value(kpi_number) as kpi_number,
        any_value(window_days) as window_days,
        any_value(window_end) as window_end,
        any_value(segment_number) as segment_number,
        count(distinct person_number) filter (where person_number <> 0)
        + coalesce(sum(unit_count) filter (where person_number = 0), 0) as customer_count,
        sum(unit_count) as unit_count,
        sum(immature_count) as immature_count,
        coalesce(sum(unit_count) filter (where not is_open), 0) as over_count
    from segmented
    group by cell_number
),

{{ duration_curves('segmented') }},

falling as (
    select
        curves.cell_number,
        curves.duration,
        ln(1.0 - kpis.quantile) + 1e-9 as log_rest,
        cast(curves.log_survival as double) as height,
        {{ z_95() }} * sqrt(cast(curves.greenwood as double)) / -cast(curves.log_survival as double) as log_log_width
    from curves
    inner join kpis on curves.kpi_number = kpis.kpi_number
    where curves.log_survival < 0
),

reached as (
    select
        cell_number,
        min(duration) filter (where height <= log_rest) as value,
        {{ duration_bounds('log_log_width') }}
    from falling
    group by cell_number
),

-- only where somebody has several cases is there anything to cluster
repeated as (
    select
        reached.cell_number,
        reached.value
    from reached
    inner join cells on reached.cell_number = cells.cell_number
    where cells.customer_count < cells.unit_count and reached.value is not null
),

{{ duration_clusters('segmented', 'repeated') }},

widened as (
    select
        falling.cell_number,
        {{ duration_bounds('falling.log_log_width * sqrt(' ~ design_effect() ~ ')') }}
    from falling
    inner join clustered on falling.cell_number = clustered.cell_number
    where clustered.sum_nn > clustered.sum_n
    group by falling.cell_number
),

final as (
    select
        cells.kpi_number,
        cells.window_days,
        cells.window_end,
        named.segment_dimension,
        named.segment,
        cells.customer_count,
        cells.unit_count,
        cells.immature_count,
        cells.over_count,
        cast(reached.value as double) as value,
        cast(case
            when reached.value is null then null
            when widened.cell_number is not null then widened.value_low
            else reached.value_low
        end as double) as value_low,
        cast(
            case when widened.cell_number is not null then widened.value_high else reached.value_high end as double
        ) as value_high
    from cells
    inner join named on cells.segment_number = named.segment_number
    left join reached on cells.cell_number = reached.cell_number
    left join widened on cells.cell_number = widened.cell_number
)

select * from final
