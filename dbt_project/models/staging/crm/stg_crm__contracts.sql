-- The latest version of each contract as of the run.
with landed as (
    select * from {{ source('landing', 'contracts') }}
),

latest as (
    select *
    from landed
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
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
