-- The touchpoints of each journey as one list, and of it the path: what was met in the last days before the conversion
-- (the step `decision` of the stage model), or before the end of a journey that ended without one. Steps every conversion
-- needs are not in the path: without them nobody converts. Touchpoints of one instant follow their names.
{{ config(materialized='refreshed', meta={
    'key': ['journey_key'],
    'hashed': true,
    'follows': ['int_touchpoints__sessionized', 'int_funnel_entries__attributed', 'int_customers__unified'],
    'scope': {'of': 'int_journey_subjects__touched', 'columns': ['subject_key']}
}) }}
{%- do built_after(['int_journey_subjects__touched']) %}
with journeys as (
    select * from {{ ref('int_journeys__entered') }}
    where {{ in_scope(
        'int_journey_touches__listed', 'subject_key', kept_relation('int_journey_subjects__touched'), 'subject_key'
    ) }}
),

steps as (
    select * from {{ ref('funnel_step_definitions') }}
    where step_id = '{{ var("conversion_step_id") }}'
),

registry as (
    select
        *,
        cast(row_number() over (order by touchpoint) as smallint) as touchpoint_number
    from {{ ref('touchpoints') }}
),

touchpoints as not materialized (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

dated as (
    select
        journeys.*,
        steps.step is not null and journeys.entry_step <= steps.step as can_convert,
        journeys.reached_at[steps.step] as converted_at
    from journeys
    left join steps on journeys.funnel_id = steps.funnel_id
),

met as (
    select
        dated.journey_key,
        list_sort(
            list(struct_pack(occurred_at := touchpoints.occurred_at, touchpoint := registry.touchpoint_number))
        ) as touches
    from touchpoints
    inner join registry on touchpoints.touchpoint = registry.touchpoint
    inner join dated
        on
            dated.subject = 'customer'
            and touchpoints.customer_key = dated.subject_key
            and touchpoints.occurred_at >= dated.started_at
            and touchpoints.occurred_at <= dated.followed_until
    group by dated.journey_key
    union all
    select
        dated.journey_key,
        list_sort(
            list(struct_pack(occurred_at := touchpoints.occurred_at, touchpoint := registry.touchpoint_number))
        ) as touches
    from touchpoints
    inner join registry on touchpoints.touchpoint = registry.touchpoint
    inner join dated
        on
            dated.subject = 'account'
            and touchpoints.account_id = dated.subject_key
            and touchpoints.occurred_at >= dated.started_at
            and touchpoints.occurred_at <= dated.followed_until
    group by dated.journey_key
),

required as (
    select list(touchpoint_number) as numbers from registry
    where is_required_for_conversion
),

final as (
    select
        dated.journey_key,
        dated.funnel_id,
        dated.subject_key,
        dated.customer_key,
        dated.device,
        dated.started_at,
        dated.started_on,
        dated.converted_at,
        dated.ended_at,
        case
            when not dated.can_convert then null
            when dated.converted_at is not null then true
            when dated.ended_at is not null then false
        end as is_converted,
        {{ business_date('coalesce(dated.converted_at, dated.ended_at)') }} as path_ended_on,
        list_transform(met.touches, lambda touch: touch['touchpoint']) as touches,
        list_transform(met.touches, lambda touch: touch['occurred_at']) as touched_at,
        list_transform(
            list_filter(
                met.touches,
                lambda touch: (dated.converted_at is null or touch['occurred_at'] < dated.converted_at)
                and touch['occurred_at'] >= coalesce(dated.converted_at, met.touches[-1].occurred_at)
                - {{ days_interval(var('effectiveness_path_days')) }}
                and not list_contains(required.numbers, touch['touchpoint'])
            ),
            lambda touch: touch['touchpoint']
        ) as path
    from dated
    inner join met on dated.journey_key = met.journey_key
    cross join required
)

select
    *,
    {{ row_hashes(['journey_key'], lists=['touches', 'touched_at', 'path']) }}
from final
