-- Which rules a journey meets, of those that say why it began or ended, and what type it is.
with journeys as (
    select * from {{ ref('int_journeys__entered') }}
),

touchpoints as not materialized (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

rules as (
    select
        rule_set,
        precedence,
        value,
        condition,
        string_split(touchpoints, '|') as touchpoints,
        string_split(traffic_channels, '|') as traffic_channels,
        {{ days_interval('days') }} as lookback
    from {{ ref('journey_rules') }}
),

told as (
    select
        rule_set,
        precedence,
        condition,
        lookback,
        unnest(touchpoints) as touchpoint
    from rules
    where touchpoints is not null
),

met as (
    select
        'customer' as subject,
        customer_key as subject_key,
        touchpoint,
        occurred_at,
        is_customer_initiated
    from touchpoints
    where customer_key is not null
    union all
    select
        'account' as subject,
        account_id as subject_key,
        touchpoint,
        occurred_at,
        is_customer_initiated
    from touchpoints
    where account_id is not null
),

named as (
    select * from met
    where touchpoint in (select told.touchpoint from told)
),

first_touchpoints as (
    select
        subject,
        subject_key,
        min(occurred_at) as occurred_at
    from met
    where is_customer_initiated
    group by subject, subject_key
),

seen as (
    select
        journeys.journey_key,
        told.rule_set,
        told.precedence
    from journeys
    inner join named on journeys.subject = named.subject and journeys.subject_key = named.subject_key
    inner join told
        on
            named.touchpoint = told.touchpoint
            and case told.condition
                when 'touchpoint_before'
                    then
                        named.occurred_at <= journeys.started_at
                        and named.occurred_at >= journeys.started_at - told.lookback
                when 'touchpoint_within'
                    then named.occurred_at >= journeys.started_at and named.occurred_at <= journeys.followed_until
                when 'never_before' then named.occurred_at < journeys.started_at
            end
    group by all
),

final as (
    select
        journeys.journey_key,
        rules.rule_set,
        rules.precedence,
        rules.value
    from journeys
    cross join rules
    left join seen
        on
            journeys.journey_key = seen.journey_key
            and rules.rule_set = seen.rule_set
            and rules.precedence = seen.precedence
    left join first_touchpoints
        on journeys.subject = first_touchpoints.subject and journeys.subject_key = first_touchpoints.subject_key
    where
        case rules.condition
            when 'otherwise' then true
            when 'last_step' then journeys.is_completed
            when 'deadline' then journeys.is_window_over
            when 'traffic_channel' then list_contains(rules.traffic_channels, journeys.traffic_channel)
            when 'first_touchpoint' then first_touchpoints.occurred_at >= journeys.started_at
            when 'never_before' then seen.journey_key is null
            else seen.journey_key is not null
        end
)

select * from final
