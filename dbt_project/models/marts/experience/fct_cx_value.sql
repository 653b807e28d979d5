-- Retention, spend and predicted value of customers by what they answered, per segment of the day of the answer. For NPS,
-- the worth of one point: the slope of later spend on NPS points among customers who had bought about as often before
-- (promoter 100, detractor -100: a point more of NPS is a point more on average), with a robust standard error (HC1).
with followups as (
    select * from {{ ref('int_followups__observed') }}
),

segmented as (
    {{ by_segment('followups', 'scored_on') }}
    where list_contains({{ var('experience_segment_dimensions') }}, dimensions.segment_dimension)
),

banded as (
    select * from segmented
    union all
    select * replace ('all' as band) from segmented
),

cells as (
    select
        measure,
        band,
        segment_dimension,
        segment,
        count(*) as customer_count,
        count(*) filter (where is_retained) as retained_count,
        {{ paired_sums('spend_amount', '1', 'spend') }},
        {{ paired_sums('coalesce(clv_amount, 0)', 'cast(clv_amount is not null as integer)', 'clv') }},
        count(clv_amount) as clv_count,
        max(abs(spend_amount)) as largest_spend_amount,
        sum(abs(spend_amount)) as absolute_spend_amount
    from banded
    group by all
),

centred as (
    select
        segment_dimension,
        segment,
        stratum,
        nps_points - avg(nps_points) over cell as x,
        cast(spend_amount as double) - cast(sum(spend_amount) over cell as double) / count(*) over cell as y
    from segmented
    where measure = 'nps'
    window cell as (partition by segment_dimension, segment, stratum)
),

slopes as (
    select
        segment_dimension,
        segment,
        count(*) - count(distinct stratum) - 1 as degrees,
        cast(sum(cast(x * x as decimal(38, 9))) as double) as xx,
        cast(sum(cast(x * y as decimal(38, 9))) as double) as xy,
        cast(sum(cast(power(x, 2) * power(y, 2) as decimal(38, 6))) as double) as xxyy,
        cast(sum(cast(power(x, 3) * y as decimal(38, 6))) as double) as xxxy,
        cast(sum(cast(power(x, 4) as decimal(38, 6))) as double) as xxxx,
        count(*) as n
    from centred
    group by all
),

pointed as (
    select
        *,
        xy / xx as slope,
        sqrt(greatest(0.0, (xxyy - 2.0 * (xy / xx) * xxxy + power(xy / xx, 2) * xxxx) * n / degrees)) / xx
            as slope_standard_error
    from slopes
    where xx > 0 and degrees > 0
),

final as (
    select
        cells.measure,
        cells.band,
        cells.segment_dimension,
        cells.segment,
        cast(cells.customer_count as bigint) as customer_count,
        round(cast(cells.retained_count as double) / cells.customer_count, 6) as retention_rate,
        {{ wilson('cells.retained_count', 'cells.customer_count', '1.0', -1) }} as retention_rate_low,
        {{ wilson('cells.retained_count', 'cells.customer_count', '1.0', 1) }} as retention_rate_high,
        {{ cx_mean('spend', 'customer_count') }},
        {{ cx_mean('clv', 'clv_count') }},
        cells.largest_spend_amount > {{ var('suppression_dominance_share') }} * cells.absolute_spend_amount as is_dominated,
        cast(pointed.slope as decimal(18, 4)) as point_value_amount,
        cast(pointed.slope - {{ student_t_975('pointed.degrees') }} * pointed.slope_standard_error as decimal(18, 4))
            as point_value_low_amount,
        cast(pointed.slope + {{ student_t_975('pointed.degrees') }} * pointed.slope_standard_error as decimal(18, 4))
            as point_value_high_amount
    from cells
    left join pointed
        on
            cells.measure = 'nps'
            and cells.band = 'all'
            and cells.segment_dimension = pointed.segment_dimension
            and cells.segment = pointed.segment
)

select * from final
