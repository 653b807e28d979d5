-- The day a customer began to be one: the first purchase, or the first day of the first contract.
with days as (
    select * from {{ ref('int_purchase_days__valued') }}
),

contracts as (
    select * from {{ ref('int_contracts_in_force__dated') }}
),

unioned as (
    select
        customer_key,
        purchased_on as first_on
    from days
    where purchase_day_number = 1
    union all
    select
        customer_key,
        in_force_from as first_on
    from contracts
),

final as (
    select
        customer_key,
        min(first_on) as first_on
    from unioned
    group by customer_key
)

select * from final
