-- The days a customer's contracts are in force. What is known of a contract on the last day of its extracts goes on
-- being so: a missing extract is no churn.
with contracts as (
    select * from {{ ref('int_contracts__chained') }}
),

observed as (
    {{ observed_until('contracts') }}
),

ended as (
    select
        contracts.contract_id,
        contracts.customer_key,
        contracts.starts_on,
        -- on the day of an early end it is in force no more
        least(
            coalesce(contracts.ends_on, date '9999-12-31'), coalesce(contracts.cancelled_on - 1, date '9999-12-31')
        ) as ends_on,
        observed.last_day
    from contracts
    cross join observed
    where contracts.customer_key is not null
),

final as (
    select
        contract_id,
        customer_key,
        starts_on as in_force_from,
        case when ends_on >= last_day then date '9999-12-31' else ends_on end as in_force_until
    from ended
    where ends_on >= starts_on and starts_on <= last_day
)

select * from final
