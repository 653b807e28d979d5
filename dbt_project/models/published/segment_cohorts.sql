-- The cohort triangles: of those who first bought in a week, month or quarter, how many bought in each one after, and (not
-- by quarter) for how much. The segment is that of the day of the first purchase.
with activity as (
    select * from {{ ref('fct_cohort_activity') }}
),

observed as (
    {{ observed_until('orders') }}
),

segmented as (
    {{ by_segment('activity', 'first_purchase_on') }}
),

cohorts as (
    select
        cohort_grain,
        cohort_start,
        segment_dimension,
        segment,
        count(*) as customer_count
    from segmented
    where periods_since_first_order = 0
    group by all
),

bought as (
    select
        cohort_grain,
        cohort_start,
        periods_since_first_order,
        segment_dimension,
        segment,
        count(*) as active_customer_count,
        cast(sum(value_amount) as decimal(18, 2)) as revenue_amount,
        cast(max(value_amount) as decimal(18, 2)) as largest_amount
    from segmented
    group by all
),

starts as (
    select distinct
        cohort_grain,
        cohort_start
    from cohorts
),

grid as (
    select
        starts.cohort_grain,
        starts.cohort_start,
        cast(periods.number as integer) as periods_since_first_order,
        cast(starts.cohort_start + case starts.cohort_grain
            when 'week' then to_weeks(cast(periods.number as integer) + 1)
            when 'month' then to_months(cast(periods.number as integer) + 1)
            else to_months(3 * (cast(periods.number as integer) + 1))
        end as date) + {{ var('lateness_allowance_days') }} <= observed.last_day + 1 as is_mature
    from starts
    cross join observed
    cross join unnest(range(0, 1 + case starts.cohort_grain
        when 'week'
            then least({{ var('cohort_weeks_maximum') }}, date_diff('week', starts.cohort_start, observed.last_day))
        when 'month' then date_diff('month', starts.cohort_start, observed.last_day)
        else date_diff('quarter', starts.cohort_start, observed.last_day)
    end)) as periods (number)
),

rated as (
    select
        cohorts.cohort_grain,
        cohorts.cohort_start,
        grid.periods_since_first_order,
        cohorts.segment_dimension,
        cohorts.segment,
        cohorts.customer_count,
        cohorts.customer_count as cohort_customer_count,
        coalesce(bought.active_customer_count, 0) as active_customer_count,
        {{ count_unless_dominated(
            'coalesce(bought.active_customer_count, 0)', 'bought.largest_amount', 'bought.revenue_amount'
        ) }} as buyer_count,
        coalesce(bought.revenue_amount, 0) as revenue_amount,
        round(cast(coalesce(bought.active_customer_count, 0) as double) / cohorts.customer_count, 6) as active_rate,
        {{ wilson('coalesce(bought.active_customer_count, 0)', 'cohorts.customer_count', '1.0', -1) }} as active_rate_low,
        {{ wilson('coalesce(bought.active_customer_count, 0)', 'cohorts.customer_count', '1.0', 1) }} as active_rate_high,
        grid.is_mature,
        cohorts.customer_count < {{ var('minimum_n') }} as is_small_n
    from cohorts
    inner join grid using (cohort_grain, cohort_start)
    left join bought using (cohort_grain, cohort_start, periods_since_first_order, segment_dimension, segment)
),

{{ guarded_quarters('rated') }},

{{ suppress(
    'guarded_quarters',
    cell=['cohort_grain', 'cohort_start', 'periods_since_first_order'],
    measures=[
        'cohort_customer_count', 'active_customer_count', 'revenue_amount', 'active_rate', 'active_rate_low',
        'active_rate_high', 'is_mature', 'is_small_n'
    ]
) }},

-- what a handful of people spent is theirs to know
{{ hide_few(
    'suppressed', cell=['cohort_grain', 'cohort_start', 'periods_since_first_order'], count_of_few='buyer_count',
    name='few'
) }},

final as (
    select
        * exclude (buyer_count, is_few)
        -- and the sum of the months of a quarter would tell what is hidden in one of them
        replace (case when not is_few and cohort_grain <> 'quarter' then revenue_amount end as revenue_amount)
    from few
)

select * from final
