-- What it cost to win a customer of a segment, and after how many months the margin of an average one has paid it back.
-- A month counts the customers who were there for all of it; with fewer than the minimum n nobody can tell any more.
with acquired as (
    select
        *,
        count(*) over (partition by acquisition_channel) as channel_count
    from {{ ref('int_acquisition_costs__attributed') }}
    where acquisition_cost_amount is not null
),

margins as (
    select * from {{ ref('int_margins__dated') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

customers as (
    select
        acquired.*,
        run_parameters.as_of_date,
        (run_parameters.as_of_date + 1 - acquired.acquired_on) * 4 // 121 as whole_months
    from acquired
    cross join run_parameters
),

segmented as (
    {{ by_segment('customers', 'as_of_date') }}
),

{{ acquisition_costs('segmented') }},

monthly as (
    select
        customers.customer_key,
        (margins.day - customers.acquired_on) * 4 // 121 as month,
        cast(sum(margins.margin_amount) as decimal(18, 4)) as margin_amount
    from margins
    inner join customers on margins.customer_key = customers.customer_key
    where margins.day >= customers.acquired_on
    group by all
),

earned as (
    select
        segmented.segment_dimension,
        segmented.segment,
        monthly.month,
        sum(monthly.margin_amount) as margin_amount
    from segmented
    inner join monthly on segmented.customer_key = monthly.customer_key and segmented.whole_months > monthly.month
    group by all
),

present as (
    select
        costs.segment_dimension,
        costs.segment,
        months.month,
        count(*) as customer_count
    from costs
    cross join unnest(range(0, costs.month_count)) as months (month)
    inner join segmented
        on
            costs.segment_dimension = segmented.segment_dimension
            and costs.segment = segmented.segment
            and segmented.whole_months > months.month
    group by all
),

cumulated as (
    select
        present.segment_dimension,
        present.segment,
        present.month,
        present.customer_count,
        sum(cast(coalesce(earned.margin_amount, 0) / present.customer_count as decimal(18, 4))) over (
            partition by present.segment_dimension, present.segment order by present.month
        ) as margin_amount
    from present
    left join earned
        on
            present.segment_dimension = earned.segment_dimension
            and present.segment = earned.segment
            and present.month = earned.month
),

final as (
    select
        costs.segment_dimension,
        costs.segment,
        cast(costs.acquired_count as bigint) as acquired_count,
        costs.cac_amount,
        costs.cac_log_standard_error,
        cast(min(cumulated.month + 1) filter (
            where cumulated.margin_amount >= costs.cac_amount and cumulated.customer_count >= {{ var('minimum_n') }}
        ) as integer) as payback_months
    from costs
    left join cumulated
        on costs.segment_dimension = cumulated.segment_dimension and costs.segment = cumulated.segment
    group by all
)

select * from final
