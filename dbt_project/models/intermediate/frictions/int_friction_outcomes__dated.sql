-- When each customer reached each outcome, numbered: what comes later than a chance is its outcome, what came before says
-- how far the customer had gone.
with outcomes as (
    select
        outcome,
        unnest(string_split(touchpoints, '|')) as touchpoint
    from {{ ref('friction_outcomes') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where customer_key is not null
),

final as (
    select
        outcomes.outcome,
        touchpoints.customer_key,
        touchpoints.occurred_at,
        count(*) over (
            partition by outcomes.outcome, touchpoints.customer_key order by touchpoints.occurred_at
        ) as reached_count
    from touchpoints
    inner join outcomes on touchpoints.touchpoint = outcomes.touchpoint
    qualify row_number() over (
        partition by outcomes.outcome, touchpoints.customer_key, touchpoints.occurred_at
        order by touchpoints.touchpoint_key
    ) = 1
)

select * from final
