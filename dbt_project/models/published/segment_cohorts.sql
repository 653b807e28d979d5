-- The cohort triangle: of those who first bought in a month, how many bought in each month after.
with activity as (
    select * from {{ ref('fct_cohort_activity') }}
),

segmented as (
    {{ by_segment('activity', 'first_purchase_on') }}
),

cells as (
    select
        cohort_month,
        months_since_first_order,
        segment_dimension,
        segment,
        is_mature,
        count(*) as customer_count,
        count(*) filter (where is_active) as active_customer_count
    from segmented
    group by all
),

rated as (
    select
        cohort_month,
        months_since_first_order,
        segment_dimension,
        segment,
        customer_count,
        customer_count as cohort_customer_count,
        active_customer_count,
        round(cast(active_customer_count as double) / customer_count, 6) as active_rate,
        {{ wilson('active_customer_count', 'customer_count', '1.0', -1) }} as active_rate_low,
        {{ wilson('active_customer_count', 'customer_count', '1.0', 1) }} as active_rate_high,
        is_mature,
        customer_count < {{ var('minimum_n') }} as is_small_n
    from cells
),

{{ suppress(
    'rated',
    cell=['cohort_month', 'months_since_first_order'],
    measures=[
        'cohort_customer_count', 'active_customer_count', 'active_rate', 'active_rate_low', 'active_rate_high',
        'is_mature', 'is_small_n'
    ]
) }}

select * from suppressed
