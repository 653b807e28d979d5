-- Touchpoints of support: a contact is opened, answered by a human, handed to a higher tier, closed or abandoned. A
-- contact without a case is a case of its own. The tier is higher if it is above the one of the contact before in the
-- case; for the first contact, above the first tier. Who is neither named nor known by address or number is who placed the
-- order it is about.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
with interactions as (
    select
        *,
        coalesce(case_id, interaction_id) as own_case_id
    from {{ ref('stg_crm__interactions') }}
    where {{ touchpoint_scope('coalesce(case_id, interaction_id)', 'interactions') }}
),

identifiers as not materialized (
    select * from {{ ref('int_identifiers__resolved') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

tiers as (
    select
        *,
        coalesce(max(support_tier) over (
            partition by own_case_id order by opened_at, interaction_id
            rows between unbounded preceding and 1 preceding
        ), 1) as tier_before
    from interactions
),

dated as (
    select
        *,
        case
            when coalesce(is_complaint, false) then channel || '_complaint'
            when direction = 'outbound' then channel || '_outbound'
            else channel
        end as opened_as,
        case when support_tier > tier_before then coalesce(first_response_at, closed_at, opened_at) end as escalated_at,
        case
            when coalesce(is_abandoned, false)
                then coalesce(closed_at, opened_at + to_seconds(coalesce(waiting_seconds, 0)))
        end as abandoned_at,
        case when not coalesce(is_abandoned, false) then closed_at end as served_at
    from tiers
),

moments as (
    {{ moments_of(
        'dated', 'interactions', 'interaction_id',
        {
            'opened': 'opened_at', 'answered': 'first_response_at', 'escalated': 'escalated_at',
            'abandoned': 'abandoned_at', 'closed': 'served_at'
        },
        ['opened_as', 'channel', 'own_case_id', 'order_id', 'customer_id', 'email_hash', 'phone_hash', 'extract_date']
    ) }}
),

final as (
    select
        moments.* exclude (opened_as, own_case_id, customer_id, email_hash, phone_hash)
        replace (
            case when moments.source_value = 'opened' then moments.opened_as else moments.source_value end as source_value
        ),
        moments.own_case_id as case_id,
        coalesce(
            crm_ids.customer_key, email_ids.customer_key, phone_ids.customer_key, orders.customer_key
        ) as customer_key,
        coalesce(
            crm_ids.is_known, email_ids.is_known, phone_ids.is_known, orders.customer_key is not null
        ) as is_known
    from moments
    {{ join_identifiers('moments', {'crm': 'customer_id', 'email': 'email_hash', 'phone': 'phone_hash'}) }}
    left join orders on moments.order_id = orders.order_id
)

select * from final
