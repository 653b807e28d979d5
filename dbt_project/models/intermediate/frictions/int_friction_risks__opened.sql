-- The chances a friction gets: the first event of a risk set in each unit (a visit, one row of a source, a contract, a
-- customer's month). Risk sets shared by several types are looked up once.
with touchpoints as not materialized (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

sessions as (
    select * from {{ ref('int_sessions__aggregated') }}
),

members as (
    select distinct
        risk_set_key,
        unit,
        unnest(risk_set) as touchpoint,
        excluded_channels
    from {{ ref('int_friction_types__declared') }}
    where is_available and risk_set_friction is null
),

in_visits as (
    select
        members.risk_set_key,
        {{ number_of(['touchpoints.session_key']) }} as unit_number,
        min(touchpoints.occurred_at) as risk_at
    from touchpoints
    inner join members on touchpoints.touchpoint = members.touchpoint and members.unit = 'session'
    where touchpoints.session_key is not null
    group by all
),

visited as (
    select
        in_visits.risk_set_key,
        sessions.session_key as unit_key,
        in_visits.unit_number,
        in_visits.risk_at,
        sessions.started_at as since_at,
        true as is_visit,
        sessions.customer_key,
        {{ number_of(['sessions.customer_key']) }} as customer_number,
        sessions.device,
        sessions.traffic_channel as channel,
        in_visits.unit_number as journey_number
    from in_visits
    inner join sessions on in_visits.unit_number = {{ number_of(['sessions.session_key']) }}
),

elsewhere as (
    select
        members.risk_set_key,
        case members.unit
            when 'contract' then touchpoints.contract_id
            when 'customer_month'
                then touchpoints.customer_key || ' ' || cast(date_trunc('month', touchpoints.occurred_on) as date)
            else touchpoints.source_row_id
        end as unit_key,
        {{ number_of(['unit_key']) }} as unit_number,
        touchpoints.occurred_at as risk_at,
        -- a moment later, so that the risk event is not taken for an outcome before the clock
        touchpoints.occurred_at + interval 1 microsecond as since_at,
        touchpoints.customer_key,
        {{ number_of(['touchpoints.customer_key']) }} as customer_number,
        touchpoints.channel,
        -- who asks about an order has bought; who asks before buying is another case
        case when touchpoints.order_id is null then 'without an order' else 'of an order' end as step,
        touchpoints.case_id,
        touchpoints.touchpoint,
        touchpoints.source_table,
        touchpoints.source_row_id,
        {{ number_of(['coalesce(touchpoints.order_id, touchpoints.source_row_id)']) }} as journey_number
    from touchpoints
    inner join members on touchpoints.touchpoint = members.touchpoint and members.unit <> 'session'
    where touchpoints.customer_key is not null and not list_contains(members.excluded_channels, touchpoints.channel)
    qualify row_number() over (
        partition by members.risk_set_key, unit_key order by touchpoints.occurred_at, touchpoints.touchpoint_key
    ) = 1
),

final as (
    select * from visited
    union all by name
    select * from elsewhere
)

select * from final
