-- Observations of invitations of friends, and whether the friend bought in time.
with referrals as (
    select * from {{ ref('stg_crm__referrals') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
    where is_sale and customer_key is not null
),

invitations as (
    select
        {{ surrogate_key(["'referral'", 'referrals.referral_id']) }} as unit_key,
        inviters.customer_key,
        referrals.referred_at,
        coalesce(friends.customer_key, addresses.customer_key) as friend_key
    from referrals
    left join identifiers as inviters
        on inviters.identifier_type = 'crm' and referrals.customer_id = inviters.identifier
    left join identifiers as friends
        on friends.identifier_type = 'crm' and referrals.referred_customer_id = friends.identifier
    left join identifiers as addresses
        on addresses.identifier_type = 'email' and referrals.referred_email_hash = addresses.identifier
),

first_orders as (
    select
        customer_key,
        min(ordered_at) as first_at
    from orders
    group by customer_key
),

unioned as (
    select
        'referral_conversion' as kpi_id,
        invitations.unit_key,
        invitations.customer_key,
        coalesce(invitations.customer_key, invitations.unit_key) as person_key,
        invitations.referred_at as observed_at,
        cast(coalesce(
            first_orders.first_at >= invitations.referred_at
            and first_orders.first_at <= invitations.referred_at + interval '{{ var("referral_days") }} days', false
        ) as integer) as numerator,
        1 as denominator
    from invitations
    left join first_orders on invitations.friend_key = first_orders.customer_key
),

{{ observed('unioned') }}

select * from final
