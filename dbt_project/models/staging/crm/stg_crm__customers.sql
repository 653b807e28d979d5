-- The latest version of each customer as of the run.
with latest as (
    {{ latest_landed('customers') }}
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
