-- The latest version of each contract as of the run.
with latest as (
    {{ latest_landed('contracts') }}
),

final as (
    select
        contract_id,
        customer_id,
        signed_at,
        starts_on,
        ends_on,
        cancelled_on,
        renews_contract_id,
        coalesce(plan, 'unknown') as plan,
        coalesce(currency, '{{ var("reporting_currency") }}') as currency,
        annual_amount
    from latest
)

select * from final
