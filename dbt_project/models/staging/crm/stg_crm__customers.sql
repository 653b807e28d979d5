-- The latest version of each customer as of the run.
with landed as (
    select * from {{ source('landing', 'customers') }}
),

latest as (
    select *
    from landed
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
),

final as (
    select
        customer_id,
        email_hash,
        phone_hash,
        loyalty_id,
        account_id,
        customer_type,
        region,
        country,
        acquisition_channel,
        language,
        has_marketing_consent,
        registered_at
    from latest
)

select * from final
