-- What each verbatim says of language and feeling, and where it stands: its touchpoint; the stage of the customer (that of
-- the touchpoint, else of known customers retention from the first purchase on, consideration before); whether its writer
-- recommends the company: in the same questionnaire, else by the latest answer before the month.
with verbatims as (
    select * exclude (body) from {{ ref('int_verbatims__collected') }}
),

scores as (
    select * from {{ source('analysis', 'verbatim_scores') }}
),

meanings as (
    select * from {{ ref('touchpoint_mappings') }}
),

steps as (
    select
        touchpoint,
        arg_min(definitions.step_id, definitions.step) as stage
    from {{ ref('funnel_step_touchpoints') }} as touched
    inner join {{ ref('funnel_step_definitions') }} as definitions
        on touched.funnel_id = definitions.funnel_id and touched.step_id = definitions.step_id
    where touched.funnel_id = '{{ var("journey_funnels")[0] }}'
    group by touchpoint
),

purchases as (
    select
        customer_key,
        min(ordered_at) as first_ordered_at
    from {{ ref('int_orders__converted') }}
    where is_purchase and customer_key is not null
    group by customer_key
),

classes as (
    select * from {{ ref('int_segments__dated') }}
    where segment_dimension = 'nps_class' and segment <> 'unanswered'
),

dated as (
    select
        *,
        {{ business_date('answered_at') }} as answered_on
    from verbatims
),

final as (
    select
        dated.verbatim_key,
        dated.customer_key,
        dated.person_key,
        dated.source_table,
        dated.source_row_id,
        coalesce(meanings.touchpoint, 'unmapped') as touchpoint,
        coalesce(
            steps.stage,
            case
                when dated.answered_at >= purchases.first_ordered_at then 'retention'
                when dated.customer_key is not null then 'consideration'
            end
        ) as stage,
        dated.answered_at,
        dated.answered_on,
        coalesce(scores.language, 'unknown') as language,
        scores.sentiment,
        coalesce(dated.answered_nps_class, classes.segment) as nps_class
    from dated
    left join scores on dated.verbatim_key = scores.verbatim_key
    left join meanings on dated.source_table = meanings.source_table and dated.source_value = meanings.source_value
    left join steps on meanings.touchpoint = steps.touchpoint
    left join purchases on dated.customer_key = purchases.customer_key
    left join classes
        on
            dated.customer_key = classes.customer_key
            and dated.answered_on >= classes.valid_from
            and dated.answered_on < classes.valid_to
)

select * from final
