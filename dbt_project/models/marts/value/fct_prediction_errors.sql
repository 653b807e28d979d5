-- How uncertain the predicted value of a segment is: the gradient of its sum by the log-parameters against their
-- covariance, per group that shares parameters, and the chance in what each customer does. A run rate has no model: its
-- chance is that of a money total, the squared value of the customer.
with predictions as (
    select * from {{ source('analysis', 'clv_predictions') }}
    where method in ('predicted', 'run_rate')
),

covariances as (
    select * from {{ source('analysis', 'clv_covariances') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

dated as (
    select
        predictions.* replace (
            case
                when predictions.method = 'run_rate'
                    then power(cast(predictions.expected_margin_amount as double), 2)
                else predictions.process_variance
            end as process_variance
        ),
        run_parameters.as_of_date
    from predictions
    cross join run_parameters
),

segmented as (
    {{ by_segment('dated', 'as_of_date') }}
),

summed as (
    select
        segment_dimension,
        segment,
        horizon_months,
        parameter_group,
        method,
        cast(sum(cast(process_variance as decimal(38, 6))) as double) as process_variance,
        {{ gradient_sums() }} as gradients
    from segmented
    group by all
),

terms as (
    select
        summed.segment_dimension,
        summed.segment,
        summed.horizon_months,
        cast(sum(cast(
            summed.gradients[covariances.position_a] * summed.gradients[covariances.position_b] * covariances.covariance
            as decimal(38, 6)
        )) as double) as parameter_variance
    from summed
    inner join covariances on summed.parameter_group = covariances.fit_group
    where summed.method = 'predicted'
    group by all
),

processes as (
    select
        segment_dimension,
        segment,
        horizon_months,
        cast(sum(cast(process_variance as decimal(38, 6))) as double) as process_variance
    from summed
    group by all
),

final as (
    select
        processes.segment_dimension,
        processes.segment,
        processes.horizon_months || ' months' as horizon,
        greatest(0.0, coalesce(terms.parameter_variance, 0.0)) as parameter_variance,
        coalesce(processes.process_variance, 0.0) as process_variance
    from processes
    left join terms
        on
            processes.segment_dimension = terms.segment_dimension
            and processes.segment = terms.segment
            and processes.horizon_months = terms.horizon_months
)

select * from final
