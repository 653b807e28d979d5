-- How many customers are left by the weeks since their first purchase: Kaplan–Meier over days, shown at the end of each
-- week, with Greenwood's interval on the log-log scale. The segment is that of the day of the first purchase.
with survival as (
    select * from {{ ref('fct_customer_survival') }}
),

segmented as (
    {{ by_segment('survival', 'first_purchase_on') }}
),

daily as (
    select
        activity_window_days,
        segment_dimension,
        segment,
        followed_days,
        count(*) filter (where has_left) as event_count,
        count(*) as end_count
    from segmented
    group by all
),

risks as (
    select
        *,
        sum(end_count) over (
            partition by activity_window_days, segment_dimension, segment order by followed_days desc
        ) as at_risk_count
    from daily
),

-- logarithms and Greenwood terms are summed as decimals, so that the sum does not depend on its order
weekly as (
    select
        activity_window_days,
        segment_dimension,
        segment,
        followed_days // 7 as week,
        max(at_risk_count) as at_risk_count,
        sum(end_count) as end_count,
        sum(event_count) as event_count,
        sum(case
            when event_count < at_risk_count
                then cast(ln(1.0 - cast(event_count as double) / at_risk_count) as decimal(38, 15))
            else -1000
        end) as log_survival,
        sum(case
            when event_count < at_risk_count
                then cast(
                    cast(event_count as double) / (cast(at_risk_count as double) * (at_risk_count - event_count))
                    as decimal(38, 15)
                )
            else 0
        end) as greenwood
    from risks
    group by all
),

weeks as (
    select
        totals.*,
        cast(numbers.week as integer) as week
    from (
        select
            activity_window_days,
            segment_dimension,
            segment,
            max(week) as last_week,
            sum(end_count) as start_count
        from weekly
        group by all
    ) as totals
    cross join lateral (
        select unnest(range(0, 1 + least(totals.last_week, {{ var('survival_weeks_maximum') }}))) as week
    ) as numbers
),

cumulated as (
    select
        weeks.*,
        coalesce(weekly.event_count, 0) as event_count,
        weeks.start_count - coalesce(sum(weekly.end_count) over before, 0) as at_risk_count,
        cast(sum(coalesce(weekly.log_survival, 0)) over until_now as double) as log_survival,
        cast(sum(coalesce(weekly.greenwood, 0)) over until_now as double) as greenwood
    from weeks
    left join weekly using (activity_window_days, segment_dimension, segment, week)
    window
        before as (
            partition by weeks.activity_window_days, weeks.segment_dimension, weeks.segment order by weeks.week
            rows between unbounded preceding and 1 preceding
        ),
        until_now as (
            partition by weeks.activity_window_days, weeks.segment_dimension, weeks.segment order by weeks.week
        )
),

rated as (
    select
        activity_window_days,
        week as weeks_since_first_order,
        segment_dimension,
        segment,
        cast(at_risk_count as bigint) as customer_count,
        {{ survival_columns() }}
    from cumulated
),

{{ suppress(
    'rated', cell=['activity_window_days', 'weeks_since_first_order'],
    measures=['at_risk_count', 'event_count', 'survival_rate', 'survival_rate_low', 'survival_rate_high', 'is_small_n']
) }}

select * from suppressed
