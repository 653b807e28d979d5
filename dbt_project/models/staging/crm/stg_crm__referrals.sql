-- The latest version of each invitation of a friend as of the run.
with latest as (
    {{ latest_landed('referrals') }}
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
