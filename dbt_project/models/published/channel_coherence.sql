-- Whether channels tell the same story: the same KPI by channel, its gap to the customer's own mean over all channels, and
-- whether the channel is above or below it for sure. Few customers are hidden; of a gap, those heard on several channels.
with cells as (
    select
        *
        replace (coalesce(gap_customer_count, 0) as gap_customer_count)
    from {{ ref('fct_channel_gaps') }}
),

channels as (
    select * from {{ ref('channels') }}
),

{{ suppress('cells', cell=['kpi_id', 'channel'], measures=[], prefix='small', keep_count=true) }},

{{ experience_cover('small_suppressed', 'channel', 'true', 'covered', ['kpi_id', 'segment_dimension']) }},

{{ hide_few('covered', ['kpi_id', 'channel'], 'gap_customer_count', 'few_gaps') }},

hidden as (
    select
        *,
        gap_customer_count >= {{ var('suppression_minimum_customers') }} and not is_few_gaps as has_gap
    from few_gaps
),

final as (
    select
        hidden.kpi_id,
        hidden.channel,
        hidden.segment_dimension,
        hidden.segment,
        channels.label_en as channel_label_en,
        channels.label_fr as channel_label_fr,
        case when not hidden.is_suppressed then hidden.n end as n,
        case when not hidden.is_suppressed then hidden.value end as value,
        case when not hidden.is_suppressed then hidden.value_low end as value_low,
        case when not hidden.is_suppressed then hidden.value_high end as value_high,
        case when not hidden.is_suppressed and hidden.has_gap then hidden.gap_customer_count end as gap_customer_count,
        case when not hidden.is_suppressed and hidden.has_gap then hidden.gap end as gap,
        case when not hidden.is_suppressed and hidden.has_gap then hidden.gap_low end as gap_low,
        case when not hidden.is_suppressed and hidden.has_gap then hidden.gap_high end as gap_high,
        case
            when hidden.is_suppressed then null
            when not hidden.has_gap or hidden.gap_customer_count < {{ var('minimum_n') }} then 'not enough customers'
            when hidden.gap_low > 0 then 'above'
            when hidden.gap_high < 0 then 'below'
            else 'coherent'
        end as verdict,
        case when not hidden.is_suppressed then hidden.n < {{ var('minimum_n') }} end as is_small_n,
        hidden.is_suppressed
    from hidden
    left join channels on hidden.channel = channels.channel
)

select * from final
