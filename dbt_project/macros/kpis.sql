{#-
    KPI values with their intervals from condensed observations, each once per window and segment. `relation` has the
    columns of `int_kpi_observations__condensed`, and window_days, window_end, segment_dimension and segment. Only
    mature observations count; `is_mature` says whether all of them are. Where the catalogue says `distinct`, a person's
    last answer of the window stands for the person. Yields the CTE `kpi_values`.
-#}
{% macro kpi_values(relation) %}
kpi_counted as (
    select *
    from {{ relation }}
    qualify
        last_answer_group is null
        or row_number() over (
            partition by
                kpi_id, window_days, window_end, segment_dimension, segment, person_key, last_answer_group
            order by observed_at desc, unit_key desc
        ) = 1
),

kpi_clusters as (
    select
        kpi_id,
        window_days,
        window_end,
        segment_dimension,
        segment,
        person_key,
        coalesce(sum(unit_count) filter (where is_mature), 0) as unit_count,
        coalesce(sum(unit_count) filter (where not is_mature), 0) as immature_count,
        coalesce(sum(positive_count) filter (where is_mature), 0) as positive_count,
        coalesce(sum(negative_count) filter (where is_mature), 0) as negative_count,
        cast(coalesce(sum(numerator) filter (where is_mature), 0) as decimal(18, 4)) as cluster_x,
        cast(coalesce(sum(denominator) filter (where is_mature), 0) as decimal(18, 4)) as cluster_n
    from kpi_counted
    group by all
),

kpi_cells as (
    select
        kpi_id,
        window_days,
        window_end,
        segment_dimension,
        segment,
        -- Who is hidden among few is who counts; a cell in which nothing counts yet shows nobody.
        coalesce(nullif(count(*) filter (where unit_count > 0), 0), count(*)) as customer_count,
        sum(unit_count) as n,
        sum(immature_count) as immature_count,
        sum(positive_count) as positive_count,
        sum(negative_count) as negative_count,
        {{ cluster_sums() }}
    from kpi_clusters
    group by all
),

kpi_values as (
    select
        cells.kpi_id,
        cells.window_days,
        cells.window_end,
        cells.segment_dimension,
        cells.segment,
        cells.customer_count,
        cast(cells.sum_x as decimal(18, 4)) as numerator,
        cast(cells.sum_n as decimal(18, 4)) as denominator,
        cast(cells.n as bigint) as n,
        round(case
            when cells.n = 0 then null
            when catalogue.interval_kind = 'money_total' then cast(cells.sum_x as double)
            when cells.sum_n = 0 then null
            when catalogue.interval_kind = 'nps' then 100.0 * cast(cells.sum_x as double) / cast(cells.sum_n as double)
            else cast(cells.sum_x as double) / cast(cells.sum_n as double)
        end, 6) as value,
        {{ kpi_bound(-1) }} as value_low,
        {{ kpi_bound(1) }} as value_high,
        cells.immature_count = 0 as is_mature,
        cells.n < catalogue.minimum_n as is_small_n
    from kpi_cells as cells
    inner join {{ ref('kpi_catalogue') }} as catalogue on cells.kpi_id = catalogue.kpi_id
)
{% endmacro %}

{#-
    The bound of a KPI by the kind of its interval; `side` is -1 for the lower, 1 for the upper one. A share of an amount
    may lie beyond 100 % (refunds of what was sold before the data begin); it is a ratio like any other then.
-#}
{% macro kpi_bound(side) -%}
    case
        when catalogue.interval_kind = 'proportion' then {{ wilson('cells.sum_x', 'cells.sum_n', design_effect(), side) }}
        when catalogue.interval_kind = 'amount_share' and cells.sum_x between 0 and cells.sum_n
            then {{ wilson('cells.sum_x', 'cells.sum_n', amount_design_effect(), side) }}
        when catalogue.interval_kind = 'nps'
            then {{ nps_bound('cells.positive_count', 'cells.negative_count', 'cells.n', side) }}
        when catalogue.interval_kind in ('ratio', 'amount_share') then {{ within_scale(
            'round(cast(cells.sum_x as double) / nullif(cast(cells.sum_n as double), 0) + ' ~ side ~ ' * '
            ~ ratio_half_width() ~ ', 6)'
        ) }}
        when catalogue.interval_kind = 'money_total' then round(
            cast(cells.sum_x as double) + {{ side }} * {{ z_95() }} * sqrt(cast(cells.sum_xx as double)), 6
        )
    end
{%- endmacro %}

{#-
    Design effect of a share of an amount (refunded over sold), for `wilson`. The few units that carry the numerator say
    little about its variance. So it leans, with the weight of one of them, towards what it is when the whole amount of
    a customer goes or stays (Kish 1965: Σn² / Σn).
-#}
{% macro amount_design_effect(positives='positive_count', sum_n='sum_n', sum_nn='sum_nn') -%}
    ((
        cast({{ positives }} as double) * {{ design_effect() }}
        + cast({{ sum_nn }} as double) / nullif(cast({{ sum_n }} as double), 0)
    ) / (cast({{ positives }} as double) + 1.0))
{%- endmacro %}
