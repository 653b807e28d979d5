-- Customer retention rate per month, activity window and segment; the segment is the one at the start of the month.
with periods as (
    select * from {{ ref('fct_retention_periods') }}
),

segmented as (
    {{ by_segment('periods', 'period_start') }}
),

cells as (
    select
        period_start,
        segment_dimension,
        segment,
        activity_window_days,
        is_mature,
        count(*) filter (where is_active_at_start) as start_customer_count,
        count(*) filter (where is_retained) as retained_customer_count,
        count(*) filter (where is_active_at_end) as end_customer_count,
        count(*) filter (where is_new) as new_customer_count,
        count(*) filter (where is_reactivated) as reactivated_customer_count
    from segmented
    group by all
),

rated as (
    select
        period_start,
        segment_dimension,
        segment,
        activity_window_days,
        start_customer_count as customer_count,
        start_customer_count,
        retained_customer_count,
        end_customer_count,
        new_customer_count,
        reactivated_customer_count,
        case
            when start_customer_count > 0 then round(cast(retained_customer_count as double) / start_customer_count, 6)
        end as retention_rate,
        {{ wilson('retained_customer_count', 'start_customer_count', '1.0', -1) }} as retention_rate_low,
        {{ wilson('retained_customer_count', 'start_customer_count', '1.0', 1) }} as retention_rate_high,
        case
            when start_customer_count > 0
                then round(1.0 - cast(retained_customer_count as double) / start_customer_count, 6)
        end as churn_rate,
        is_mature,
        start_customer_count < {{ var('minimum_n') }} as is_small_n
    from cells
),

{{ suppress(
    'rated',
    cell=['period_start', 'activity_window_days'],
    measures=[
        'start_customer_count', 'retained_customer_count', 'end_customer_count', 'new_customer_count',
        'reactivated_customer_count', 'retention_rate', 'retention_rate_low', 'retention_rate_high', 'churn_rate',
        'is_mature', 'is_small_n'
    ]
) }},

final as (
    select
        * replace (
            -- few newcomers are few people too, and the end of a month less its start would tell how few
            case when not has_few_newcomers then end_customer_count end as end_customer_count,
            case when not has_few_newcomers then new_customer_count end as new_customer_count,
            case when not has_few_newcomers then reactivated_customer_count end as reactivated_customer_count
        )
    from (
        select
            *,
            new_customer_count between 1 and {{ var('suppression_minimum_customers') }} - 1
            or reactivated_customer_count between 1 and {{ var('suppression_minimum_customers') }} - 1
                as has_few_newcomers
        from suppressed
    )
)

select * exclude (has_few_newcomers) from final
