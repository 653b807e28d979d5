-- Customers whose acquisition cost is known, once per segment dimension, with the whole months (of 30.25 days) they have
-- been customers and the fold their errors are reckoned in.
with acquired as (
    select
        *,
        count(*) over (partition by acquisition_channel) as channel_count
    from {{ ref('int_acquisition_costs__attributed') }}
    where acquisition_cost_amount is not null
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

customers as (
    select
        acquired.*,
        run_parameters.as_of_date,
        cast((run_parameters.as_of_date + 1 - acquired.acquired_on) * 4 // 121 as integer) as whole_months,
        {{ fold_of(['acquired.customer_key'], var('payback_folds')) }} as fold
    from acquired
    cross join run_parameters
),

final as (
    {{ by_segment('customers', 'as_of_date') }}
)

select * from final
