-- Predicted against actual over the hold-out, for every model of every fit group: all customers (decile 0) and by decile of
-- the predicted purchases.
with backtests as (
    select * from {{ source('analysis', 'clv_backtests') }}
),

grouped as (
    select
        case when fit_group = 'all' then 'all' else '{{ var("clv_fit_dimension") }}' end as segment_dimension,
        fit_group as segment,
        fit_group,
        model,
        coalesce(decile, 0) as decile,
        coalesce(customer_count, 0) as customer_count,
        customer_count as published_customer_count,
        round(predicted_count, 4) as predicted_count,
        round(actual_count, 4) as actual_count,
        cast(predicted_value as decimal(18, 2)) as predicted_value_amount,
        cast(actual_value as decimal(18, 2)) as actual_value_amount,
        '{{ var("reporting_currency") }}' as currency,
        round(error_rate, 6) as error_rate,
        round(error_sd, 6) as error_standard_deviation,
        round(value_error_rate, 6) as value_error_rate,
        round(value_error_sd, 6) as value_error_standard_deviation,
        passed as is_passed,
        is_seasonal
    from backtests
),

{{ suppress(
    'grouped', cell=['model', 'decile'],
    measures=[
        'published_customer_count', 'predicted_count', 'actual_count', 'predicted_value_amount', 'actual_value_amount',
        'error_rate', 'error_standard_deviation', 'value_error_rate', 'value_error_standard_deviation', 'is_passed',
        'is_seasonal'
    ]
) }},

final as (
    select * exclude (segment_dimension, segment) rename (published_customer_count as customer_count)
    from suppressed
)

select * from final
