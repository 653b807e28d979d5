-- Touchpoints of contracts. A contract that renews another is its renewal; one whose last day passed without being
-- renewed or cancelled has ended. Renewal is due some days before the last day, not before the contract is in force.
{{ config(materialized='touched', meta={'of': 'int_touchpoints__sessionized'}) }}
with contracts as (
    select * from {{ ref('stg_crm__contracts') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

renewals as (
    select renews_contract_id
    from contracts
    where renews_contract_id is not null
    group by renews_contract_id
),

dated as (
    select
        contracts.*,
        case when contracts.renews_contract_id is null then contracts.signed_at end as first_signed_at,
        case when contracts.renews_contract_id is not null then contracts.signed_at end as renewed_at,
        case
            when contracts.cancelled_on is null and contracts.ends_on is not null
                then {{ business_midnight(
                    'greatest(contracts.starts_on, contracts.ends_on - ' ~ var('renewal_notice_days') ~ ')'
                ) }}
        end as due_at,
        {{ business_midnight('contracts.cancelled_on') }} as cancelled_at,
        case
            when contracts.cancelled_on is null and renewals.renews_contract_id is null
                then {{ business_midnight('contracts.ends_on + 1') }}
        end as ended_at
    from contracts
    left join renewals on contracts.contract_id = renewals.renews_contract_id
    where {{ touchpoint_scope('contracts.contract_id', 'contracts') }}
),

moments as (
    {{ moments_of(
        'dated', 'contracts', 'contract_id',
        {
            'signed': 'first_signed_at', 'renewed': 'renewed_at', 'due': 'due_at', 'cancelled': 'cancelled_at',
            'ended': 'ended_at'
        },
        ['contract_id', 'customer_id']
    ) }}
),

final as (
    select
        moments.* exclude (customer_id),
        {{ identified_by(['crm']) }},
        'contract' as channel
    from moments
    {{ join_identifiers('moments', {'crm': 'customer_id'}) }}
)

select * from final
