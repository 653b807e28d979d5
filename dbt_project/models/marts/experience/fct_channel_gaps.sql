-- The same KPI by channel, and the mean gap to the customer's own mean over all channels of those heard on several: where
-- channels contradict each other. Intervals are clustered by customer.
with scores as (
    select * from {{ ref('int_channel_scores__compared') }}
),

segmented as (
    {{ by_segment('scores', 'observed_on') }}
    where list_contains({{ var('experience_segment_dimensions') }}, dimensions.segment_dimension)
),

persons as (
    select
        kpi_id,
        channel,
        segment_dimension,
        segment,
        person_key,
        sum(score) as value_x,
        count(*) as value_n,
        coalesce(sum(gap), 0) as gap_x,
        count(gap) as gap_n
    from segmented
    group by all
),

cells as (
    select
        kpi_id,
        channel,
        segment_dimension,
        segment,
        count(*) as customer_count,
        count(*) filter (where gap_n > 0) as gap_customer_count,
        {{ paired_sums('value_x', 'value_n', 'value') }},
        {{ paired_sums('gap_x', 'gap_n', 'gap') }}
    from persons
    group by all
),

bounded as (
    select
        *,
        {{ ratio_half_width('value_x', 'value_n', 'value_xx', 'value_xn', 'value_nn', 'customer_count') }} as value_half,
        case when gap_n > 0 then cast(gap_x as double) / cast(gap_n as double) end as gap_mean,
        {{ ratio_half_width('gap_x', 'gap_n', 'gap_xx', 'gap_xn', 'gap_nn', 'gap_customer_count') }} as gap_half
    from cells
),

final as (
    select
        kpi_id,
        channel,
        segment_dimension,
        segment,
        cast(customer_count as bigint) as customer_count,
        cast(gap_customer_count as bigint) as gap_customer_count,
        cast(value_n as bigint) as n,
        round(cast(value_x as double) / cast(value_n as double), 6) as value,
        case
            when kpi_id in ('csat', 'cross_channel_repeat') then {{ paired_wilson('value', -1) }}
            else round(cast(value_x as double) / cast(value_n as double) - value_half, 6)
        end as value_low,
        case
            when kpi_id in ('csat', 'cross_channel_repeat') then {{ paired_wilson('value', 1) }}
            else round(cast(value_x as double) / cast(value_n as double) + value_half, 6)
        end as value_high,
        round(gap_mean, 6) as gap,
        round(gap_mean - gap_half, 6) as gap_low,
        round(gap_mean + gap_half, 6) as gap_high
    from bounded
)

select * from final
