-- Frictions that are an event: one of the declared touchpoints within the exposure window of its chance, of the same
-- visit, of the same row, of the same case or of the same customer.
with types as (
    select * from {{ ref('int_friction_types__declared') }}
    where detector = 'touched' and is_available
),

risks as (
    select * from {{ ref('int_friction_risks__opened') }}
),

indexes as (
    select
        friction_type,
        risk_set_key,
        match_on,
        exposure_window,
        unnest(indexes) as touchpoint
    from types
),

struck as (
    select
        indexes.friction_type,
        indexes.risk_set_key,
        indexes.match_on,
        indexes.exposure_window,
        touchpoints.*
    from {{ ref('int_touchpoints__sessionized') }} as touchpoints
    inner join indexes on touchpoints.touchpoint = indexes.touchpoint
),

matched as (
    select
        struck.*,
        risks.unit_key,
        risks.risk_at
    from struck
    inner join risks on struck.risk_set_key = risks.risk_set_key and struck.session_key = risks.unit_key
    where struck.match_on = 'session'
    union all
    select
        struck.*,
        risks.unit_key,
        risks.risk_at
    from struck
    inner join risks on struck.risk_set_key = risks.risk_set_key and struck.source_row_id = risks.unit_key
    where struck.match_on = 'row'
    union all
    select
        struck.*,
        risks.unit_key,
        risks.risk_at
    from struck
    inner join risks on struck.risk_set_key = risks.risk_set_key and struck.customer_key = risks.customer_key
    where struck.match_on = 'customer'
    union all
    select
        struck.*,
        risks.unit_key,
        risks.risk_at
    from struck
    inner join risks on struck.risk_set_key = risks.risk_set_key and struck.case_id = risks.case_id
    where struck.match_on = 'case'
),

final as (
    select
        friction_type,
        unit_key,
        customer_key,
        touchpoint,
        channel,
        device,
        occurred_at,
        source_table,
        source_row_id
    from matched
    where occurred_at >= risk_at and occurred_at <= risk_at + exposure_window
)

select * from final
