-- What it cost to win a customer of a segment, and after how many months the margin of an average one has paid it back.
-- Its bounds are the months in which the upper and the lower bound of margin less cost are no longer under zero; the errors
-- of both are added as squares. With fewer customers than the minimum n nobody can tell any more: a bound is open then.
with customers as (
    select * from {{ ref('int_acquired_customers__segmented') }}
),

cumulated as (
    select * from {{ ref('int_paybacks__cumulated') }}
    where customer_count >= {{ var('minimum_n') }}
),

{{ acquisition_costs('customers') }},

bounded as (
    select
        costs.segment_dimension,
        costs.segment,
        costs.acquired_count,
        costs.cac_amount,
        costs.cac_log_standard_error,
        cast(cumulated.month + 1 as integer) as month,
        cumulated.margin_amount - costs.cac_amount as surplus_amount,
        case when cumulated.fold_count > 1 then {{ student_t_975('(cumulated.fold_count - 1)') }} end
        * sqrt(
            power(cumulated.margin_standard_error, 2)
            + power(cast(costs.cac_amount as double) * costs.cac_log_standard_error, 2)
        ) as half_width
    from costs
    left join cumulated
        on costs.segment_dimension = cumulated.segment_dimension and costs.segment = cumulated.segment
),

final as (
    select
        segment_dimension,
        segment,
        cast(acquired_count as bigint) as acquired_count,
        cac_amount,
        cac_log_standard_error,
        min(month) filter (where surplus_amount >= 0) as payback_months,
        min(month) filter (where cast(surplus_amount as double) + half_width >= 0) as payback_low_months,
        min(month) filter (where cast(surplus_amount as double) - half_width >= 0) as payback_high_months
    from bounded
    group by all
)

select * from final
