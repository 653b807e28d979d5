-- The latest version of each invitation of a friend as of the run.
with landed as (
    select * from {{ source('landing', 'referrals') }}
),

latest as (
    select *
    from landed
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
),

final as (
    select
        referral_id,
        customer_id,
        referred_email_hash,
        referred_customer_id,
        referred_at,
        {{ business_date('referred_at') }} as referred_on
    from latest
)

select * from final
