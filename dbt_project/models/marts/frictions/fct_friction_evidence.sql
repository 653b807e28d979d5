-- Every friction seen, with the row that shows it and the customer's last journey begun by then; the stage is the last one
-- that journey had reached.
with evidence as (
    select
        evidence.*,
        accounts.account_id
    from {{ ref('int_friction_evidence__unioned') }} as evidence
    inner join {{ ref('int_friction_types__declared') }} as types
        on evidence.friction_type = types.friction_type and types.kind = 'friction'
    left join {{ ref('int_customers__unified') }} as accounts on evidence.customer_key = accounts.customer_key
),

journeys as (
    select
        journeys.journey_key,
        journeys.funnel_id,
        journeys.subject_key,
        journeys.started_at,
        entries.reached_at
    from {{ ref('int_journeys__entered') }} as journeys
    inner join {{ ref('int_funnel_entries__attributed') }} as entries on journeys.journey_key = entries.entry_key
),

steps as (
    select * from {{ ref('funnel_step_definitions') }}
),

placed as (
    select
        evidence.*,
        journeys.journey_key,
        journeys.funnel_id,
        list_max(list_transform(
            range(1, len(journeys.reached_at) + 1),
            lambda step: case when journeys.reached_at[step] <= evidence.occurred_at then step else 0 end
        )) as step
    from evidence
    asof left join journeys
        on
            coalesce(evidence.account_id, evidence.customer_key) = journeys.subject_key
            and evidence.occurred_at >= journeys.started_at
),

final as (
    select
        placed.evidence_key,
        placed.friction_type,
        placed.customer_key,
        placed.journey_key,
        steps.step_id as stage,
        placed.touchpoint,
        placed.channel,
        placed.device,
        placed.occurred_at,
        {{ business_date('placed.occurred_at') }} as occurred_on,
        placed.source_table,
        placed.source_row_id
    from placed
    left join steps on placed.funnel_id = steps.funnel_id and placed.step = steps.step
)

select * from final
