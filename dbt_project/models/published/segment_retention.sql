-- Customer retention rate per month, activity window and segment; the segment is the one at the start of the month.
with cells as (
    select * from {{ ref('int_retention_cells__counted') }}
),

rated as (
    select
        period_start,
        segment_dimension,
        segment,
        activity_window_days,
        {{ count_unless_uniform('start_customer_count', 'retained_customer_count', 'start_customer_count') }}
            as customer_count,
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
        inactive_start_count,
        case
            when inactive_start_count > 0
                then round(cast(reactivated_customer_count as double) / inactive_start_count, 6)
        end as reactivation_rate,
        {{ wilson('reactivated_customer_count', 'inactive_start_count', '1.0', -1) }} as reactivation_rate_low,
        {{ wilson('reactivated_customer_count', 'inactive_start_count', '1.0', 1) }} as reactivation_rate_high,
        is_mature,
        start_customer_count < {{ var('minimum_n') }} as is_small_n,
        new_customer_count as joined_count,
        reactivated_customer_count as returned_count,
        inactive_start_count as gone_count
    from cells
),

{{ suppress(
    'rated',
    cell=['period_start', 'activity_window_days'],
    measures=[
        'start_customer_count', 'retained_customer_count', 'end_customer_count', 'new_customer_count',
        'reactivated_customer_count', 'retention_rate', 'retention_rate_low', 'retention_rate_high', 'churn_rate',
        'inactive_start_count', 'reactivation_rate', 'reactivation_rate_low', 'reactivation_rate_high', 'is_mature', 'is_small_n'
    ]
) }},

-- few newcomers are few people too, and the end of a month less its start would tell how few
{{ hide_few('suppressed', cell=['period_start', 'activity_window_days'], count_of_few='joined_count', name='few_new') }},

{{ hide_few('few_new', cell=['period_start', 'activity_window_days'], count_of_few='returned_count', name='few_back') }},

{{ hide_few('few_back', cell=['period_start', 'activity_window_days'], count_of_few='gone_count', name='few_gone') }},

final as (
    select
        * exclude (joined_count, returned_count, gone_count, is_few_new, is_few_back, is_few_gone)
        replace (
            case when not (is_few_new or is_few_back) then end_customer_count end as end_customer_count,
            case when not (is_few_new or is_few_back) then new_customer_count end as new_customer_count,
            case when not (is_few_new or is_few_back) then reactivated_customer_count end as reactivated_customer_count,
            case when not (is_few_gone or is_few_back) then inactive_start_count end as inactive_start_count,
            case when not (is_few_gone or is_few_back) then reactivation_rate end as reactivation_rate,
            case when not (is_few_gone or is_few_back) then reactivation_rate_low end as reactivation_rate_low,
            case when not (is_few_gone or is_few_back) then reactivation_rate_high end as reactivation_rate_high
        )
    from few_gone
)

select * from final
