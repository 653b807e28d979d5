-- Touchpoints of referrals (the inviting customer's and, where known, the friend's) and of loyalty accounts.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
with referrals as (
    select * from {{ ref('stg_crm__referrals') }}
    where {{ touchpoint_scope('referral_id', 'referrals') }}
),

loyalty_events as (
    select * from {{ ref('stg_crm__loyalty_events') }}
    where {{ touchpoint_scope('loyalty_event_id', 'loyalty_events') }}
),

identifiers as not materialized (
    select * from {{ ref('int_identifiers__resolved') }}
),

sent as (
    select
        {{ surrogate_key(["'referrals'", 'referrals.referral_id', "'sent'"]) }} as touchpoint_key,
        'referrals' as source_table,
        'sent' as source_value,
        referrals.referral_id as source_row_id,
        referrals.referred_at as occurred_at,
        'unknown' as channel,
        {{ identified_by(['crm']) }}
    from referrals
    {{ join_identifiers('referrals', {'crm': 'customer_id'}) }}
),

received as (
    select
        {{ surrogate_key(["'referrals'", 'referrals.referral_id', "'received'"]) }} as touchpoint_key,
        'referrals' as source_table,
        'received' as source_value,
        referrals.referral_id as source_row_id,
        referrals.referred_at as occurred_at,
        'unknown' as channel,
        {{ identified_by(['crm', 'email']) }}
    from referrals
    {{ join_identifiers('referrals', {'crm': 'referred_customer_id', 'email': 'referred_email_hash'}) }}
),

moved as (
    select
        {{ surrogate_key(["'loyalty_events'", 'loyalty_events.loyalty_event_id']) }} as touchpoint_key,
        'loyalty_events' as source_table,
        loyalty_events.event_type as source_value,
        loyalty_events.loyalty_event_id as source_row_id,
        loyalty_events.occurred_at,
        'loyalty' as channel,
        loyalty_events.extract_date,
        {{ identified_by(['crm', 'loyalty']) }}
    from loyalty_events
    {{ join_identifiers('loyalty_events', {'crm': 'customer_id', 'loyalty': 'loyalty_id'}) }}
),

final as (
    select * from sent
    union all
    select * from received
    union all by name
    select * from moved
)

select * from final
