-- Frictions that are something missing: none of the declared touchpoints came within the exposure window of its chance.
-- They happen when the window is over, and are not known before.
with types as (
    select * from {{ ref('int_friction_types__declared') }}
    where detector = 'missed' and is_available
),

awaited as (
    select
        friction_type,
        risk_set_key,
        match_on,
        exposure_window,
        unnest(indexes) as touchpoint
    from types
),

touchpoints as not materialized (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

chances as (
    select
        types.friction_type,
        types.match_on,
        types.exposure_window,
        types.observed_until_at,
        types.risk_set,
        risks.*
    from {{ ref('int_friction_risks__opened') }} as risks
    inner join types on risks.risk_set_key = types.risk_set_key
),

came as (
    select
        awaited.friction_type,
        awaited.match_on,
        touchpoints.session_key,
        touchpoints.source_row_id,
        touchpoints.customer_key,
        touchpoints.occurred_at
    from touchpoints
    inner join awaited on touchpoints.touchpoint = awaited.touchpoint
),

answered as (
    select
        chances.friction_type,
        chances.unit_key
    from chances
    inner join came
        on
            chances.friction_type = came.friction_type
            and chances.unit_key = case came.match_on when 'session' then came.session_key else came.source_row_id end
    where
        chances.match_on in ('session', 'row')
        and came.occurred_at >= chances.risk_at
        and came.occurred_at <= chances.risk_at + chances.exposure_window
    union
    select
        chances.friction_type,
        chances.unit_key
    from chances
    inner join came on chances.friction_type = came.friction_type and chances.customer_key = came.customer_key
    where
        chances.match_on = 'customer'
        and came.occurred_at >= chances.risk_at
        and came.occurred_at <= chances.risk_at + chances.exposure_window
),

unanswered as (
    select * from chances
    anti join answered on chances.friction_type = answered.friction_type and chances.unit_key = answered.unit_key
    where chances.risk_at + chances.exposure_window < chances.observed_until_at
),

-- the event a visit's chance began with is looked up only where something is missing
openings as (
    select
        unanswered.friction_type,
        unanswered.unit_key,
        min(touchpoints.source_row_id) as source_row_id,
        min(touchpoints.touchpoint) as touchpoint
    from unanswered
    inner join touchpoints
        on unanswered.unit_key = touchpoints.session_key and unanswered.risk_at = touchpoints.occurred_at
    where list_contains(unanswered.risk_set, touchpoints.touchpoint)
    group by all
),

final as (
    select
        unanswered.friction_type,
        unanswered.unit_key,
        unanswered.customer_key,
        coalesce(unanswered.touchpoint, openings.touchpoint) as touchpoint,
        case when openings.unit_key is null then unanswered.channel end as channel,
        unanswered.device,
        unanswered.risk_at + unanswered.exposure_window as occurred_at,
        coalesce(unanswered.source_table, 'web_events') as source_table,
        coalesce(unanswered.source_row_id, openings.source_row_id) as source_row_id
    from unanswered
    left join openings
        on unanswered.friction_type = openings.friction_type and unanswered.unit_key = openings.unit_key
)

select * from final
