-- What customers are worth and what winning one costs, as of the run and per segment: predicted value over the horizon of
-- the KPI, its multiple of the acquisition cost, months until that is paid back.
with lifetime_values as (
    select
        *,
        coalesce(clv_amount, 0) as cluster_x,
        cast(clv_amount is not null as decimal(18, 4)) as cluster_n,
        case
            when acquisition_cost_amount is not null then cast(clv_before_acquisition_amount as decimal(19, 4))
        end as acquired_x
    from {{ ref('fct_customer_lifetime_values') }}
    where method = 'predicted' and horizon = '{{ var("kpi_clv_horizon_months") }} months'
),

errors as (
    select * from {{ ref('fct_prediction_errors') }}
    where horizon = '{{ var("kpi_clv_horizon_months") }} months'
),

paybacks as (
    select * from {{ ref('fct_acquisition_paybacks') }}
),

segmented as (
    {{ by_segment('lifetime_values', 'as_of_date') }}
),

cells as (
    select
        as_of_date,
        segment_dimension,
        segment,
        method,
        count(clv_amount) as valued_customer_count,
        sum(clv_before_acquisition_amount) filter (where acquired_x is not null) as acquired_amount,
        sum(acquired_x * acquired_x) as acquired_xx,
        count(clv_amount) filter (where acquired_x is not null) as acquired_count,
        {{ cluster_sums() }}
    from segmented
    group by all
),

bounded as (
    select
        cells.*,
        paybacks.acquired_count as won_count,
        paybacks.cac_amount,
        paybacks.cac_log_standard_error,
        paybacks.payback_months,
        paybacks.payback_low_months,
        paybacks.payback_high_months,
        {{ acquired_half_width() }} as acquired_half_width,
        case
            when cells.valued_customer_count > 0
                then {{ z_95() }} * sqrt(errors.parameter_variance + errors.process_variance) / cells.valued_customer_count
        end as half_width
    from cells
    left join errors
        on cells.segment_dimension = errors.segment_dimension and cells.segment = errors.segment
    left join paybacks
        on cells.segment_dimension = paybacks.segment_dimension and cells.segment = paybacks.segment
),

rated as (
    select
        *,
        'clv' as kpi_id,
        valued_customer_count as counted,
        sum_x as numerator,
        cast(sum_x as double) / nullif(valued_customer_count, 0) as value,
        cast(sum_x as double) / nullif(valued_customer_count, 0) - half_width as value_low,
        cast(sum_x as double) / nullif(valued_customer_count, 0) + half_width as value_high
    from bounded
    union all by name
    select
        *,
        'clv_to_cac' as kpi_id,
        acquired_count as counted,
        acquired_amount as numerator,
        cast(acquired_amount as double) / nullif(acquired_count, 0) / nullif(cast(cac_amount as double), 0) as value,
        case when cac_amount > 0 and acquired_count > 0 then {{ clv_to_cac_bound(-1) }} end as value_low,
        case when cac_amount > 0 and acquired_count > 0 then {{ clv_to_cac_bound(1) }} end as value_high
    from bounded
    union all by name
    select
        *,
        'payback' as kpi_id,
        won_count as counted,
        payback_months as numerator,
        payback_months as value,
        -- a bound the curve never reaches is open
        payback_low_months as value_low,
        payback_high_months as value_high
    from bounded
),

final as (
    select
        kpi_id,
        as_of_date as period_start,
        as_of_date as period_end,
        segment_dimension,
        segment,
        cast(counted as bigint) as customer_count,
        cast(numerator as decimal(18, 4)) as numerator,
        cast(counted as decimal(18, 4)) as denominator,
        cast(counted as bigint) as n,
        round(value, 4) as value,
        round(value_low, 4) as value_low,
        round(value_high, 4) as value_high,
        true as is_mature
    from rated
    where value is not null
)

select * from final
