-- The touchpoints of each journey: all its subject met from the start to the end, the company's own included. A touchpoint
-- of somebody who acts for an account is one of the account.
{{ config(materialized='view') }}
with journeys as (
    select * from {{ ref('int_journeys__entered') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

met as (
    select
        *,
        'customer' as subject,
        customer_key as subject_key
    from touchpoints
    where customer_key is not null
    union all
    select
        *,
        'account' as subject,
        account_id as subject_key
    from touchpoints
    where account_id is not null
),

final as (
    select
        journeys.journey_key,
        journeys.subject_key,
        journeys.started_on,
        journeys.ended_at,
        journeys.device,
        journeys.is_completed,
        met.touchpoint_key,
        met.touchpoint,
        met.channel,
        met.is_customer_initiated,
        met.occurred_at,
        met.customer_key
    from journeys
    inner join met
        on
            journeys.subject = met.subject
            and journeys.subject_key = met.subject_key
            and met.occurred_at >= journeys.started_at
            and met.occurred_at <= journeys.followed_until
)

select * from final
