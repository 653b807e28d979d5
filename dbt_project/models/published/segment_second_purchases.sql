-- Of the customers who first bought in a month, how many had a second purchase day in time; the segment is that of the day
-- of the first purchase.
with days as (
    select * from {{ ref('int_purchase_days__valued') }}
),

observed as (
    {{ observed_until('orders') }}
),

customers as (
    select
        customer_key,
        min(purchased_on) as first_purchase_on,
        min(purchased_on) filter (where purchase_day_number = 2) as second_purchase_on
    from days
    group by customer_key
),

segmented as (
    {{ by_segment('customers', 'first_purchase_on') }}
),

cells as (
    select
        cast(date_trunc('month', segmented.first_purchase_on) as date) as period_start,
        segmented.segment_dimension,
        segmented.segment,
        any_value(observed.last_day) as last_day,
        count(*) as customer_count,
        count(*) filter (
            where segmented.second_purchase_on - segmented.first_purchase_on <= {{ var('second_purchase_window_days') }}
        ) as returned_count
    from segmented
    cross join observed
    where segmented.first_purchase_on <= observed.last_day
    group by all
),

rated as (
    select
        period_start,
        segment_dimension,
        segment,
        customer_count,
        customer_count as cohort_customer_count,
        returned_count,
        round(cast(returned_count as double) / customer_count, 6) as second_purchase_rate,
        {{ wilson('returned_count', 'customer_count', '1.0', -1) }} as second_purchase_rate_low,
        {{ wilson('returned_count', 'customer_count', '1.0', 1) }} as second_purchase_rate_high,
        cast(period_start + interval 1 month as date) + {{ var('second_purchase_window_days') }}
        + {{ var('lateness_allowance_days') }} <= last_day + 1 as is_mature,
        customer_count < {{ var('minimum_n') }} as is_small_n
    from cells
),

{{ suppress(
    'rated', cell=['period_start'],
    measures=[
        'cohort_customer_count', 'returned_count', 'second_purchase_rate', 'second_purchase_rate_low',
        'second_purchase_rate_high', 'is_mature', 'is_small_n'
    ]
) }}

select * from suppressed
