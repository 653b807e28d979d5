-- What customers active at the end of a month take part in: recommending, the loyalty programme, its tiers.
with periods as (
    select
        *,
        cast(period_start + interval 1 month as date) as period_until
    from {{ ref('fct_retention_periods') }}
    where activity_window_days = {{ var('kpi_activity_window_days') }} and is_active_at_end
),

referrals as (
    select * from {{ ref('stg_crm__referrals') }}
),

movements as (
    select * from {{ ref('stg_crm__loyalty_events') }}
    where event_type = 'tier_changed'
),

members as (
    select * from {{ ref('int_members__enrolled') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

referrers as (
    select distinct
        identifiers.customer_key,
        referrals.referred_on
    from referrals
    inner join identifiers
        on identifiers.identifier_type = 'crm' and referrals.customer_id = identifiers.identifier
),

movers as (
    select distinct
        coalesce(crm_ids.customer_key, cards.customer_key) as customer_key,
        cast(date_trunc('month', movements.occurred_on) as date) as period_start
    from movements
    left join identifiers as crm_ids
        on crm_ids.identifier_type = 'crm' and movements.customer_id = crm_ids.identifier
    left join identifiers as cards
        on cards.identifier_type = 'loyalty' and movements.loyalty_id = cards.identifier
),

recommending as (
    select distinct
        periods.customer_key,
        periods.period_start
    from periods
    inner join referrers on periods.customer_key = referrers.customer_key
    where
        referrers.referred_on < periods.period_until
        and referrers.referred_on >= periods.period_until - {{ var('kpi_activity_window_days') }}
),

flagged as (
    select
        periods.customer_key,
        periods.period_start,
        periods.is_mature,
        recommending.customer_key is not null as is_referrer,
        coalesce({{ business_date('members.joined_at') }} < periods.period_until, false) as is_member,
        movers.customer_key is not null as is_mover
    from periods
    left join recommending
        on periods.customer_key = recommending.customer_key and periods.period_start = recommending.period_start
    left join members on periods.customer_key = members.customer_key
    left join movers on periods.customer_key = movers.customer_key and periods.period_start = movers.period_start
),

segmented as (
    {{ by_segment('flagged', 'period_start') }}
),

cells as (
    select
        period_start,
        segment_dimension,
        segment,
        is_mature,
        count(*) as active_count,
        count(*) filter (where is_referrer) as referrer_count,
        count(*) filter (where is_member) as member_count,
        count(*) filter (where is_member and is_mover) as mover_count
    from segmented
    group by all
),

counted as (
    select
        *,
        'referral_rate' as kpi_id,
        referrer_count as successes,
        active_count as n
    from cells
    union all by name
    select
        *,
        'loyalty_member_share' as kpi_id,
        member_count as successes,
        active_count as n
    from cells
    union all by name
    select
        *,
        'loyalty_tier_moves' as kpi_id,
        mover_count as successes,
        member_count as n
    from cells
),

{{ given_proportions('counted') }}

select * from final
