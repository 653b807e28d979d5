-- Observations of the loyalty programme: points earned for what members spend, points redeemed of those earned. Money and
-- points are rows of their own, each on its day.
with movements as (
    select * from {{ ref('stg_crm__loyalty_events') }}
    where points is not null
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

members as (
    select * from {{ ref('int_members__enrolled') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
    where is_sale
),

moved as (
    select
        {{ surrogate_key(["'movement'", 'movements.loyalty_event_id']) }} as unit_key,
        coalesce(crm_ids.customer_key, cards.customer_key) as customer_key,
        coalesce(
            crm_ids.customer_key, cards.customer_key,
            {{ surrogate_key(["'card'", 'coalesce(movements.loyalty_id, movements.loyalty_event_id)']) }}
        ) as person_key,
        movements.occurred_at,
        movements.occurred_on,
        movements.event_type,
        abs(movements.points) as points
    from movements
    left join identifiers as crm_ids
        on crm_ids.identifier_type = 'crm' and movements.customer_id = crm_ids.identifier
    left join identifiers as cards
        on cards.identifier_type = 'loyalty' and movements.loyalty_id = cards.identifier
    where movements.event_type in ('earned', 'redeemed')
),

unioned as (
    select
        'loyalty_earn_rate' as kpi_id,
        unit_key,
        customer_key,
        person_key,
        occurred_at as observed_at,
        occurred_on as observed_on,
        points as numerator,
        0 as denominator
    from moved
    where event_type = 'earned'
    union all by name
    select
        'loyalty_earn_rate' as kpi_id,
        orders.order_key as unit_key,
        orders.customer_key,
        orders.person_key,
        orders.ordered_at as observed_at,
        orders.ordered_on as observed_on,
        0 as numerator,
        orders.net_amount as denominator
    from orders
    inner join members on orders.customer_key = members.customer_key and orders.ordered_at >= members.joined_at
    union all by name
    select
        'loyalty_redeem_rate' as kpi_id,
        unit_key,
        customer_key,
        person_key,
        occurred_at as observed_at,
        occurred_on as observed_on,
        case when event_type = 'redeemed' then points else 0 end as numerator,
        case when event_type = 'earned' then points else 0 end as denominator
    from moved
),

final as (
    select
        * replace (
            cast(numerator as decimal(18, 4)) as numerator,
            cast(denominator as decimal(18, 4)) as denominator
        )
    from unioned
)

select * from final
