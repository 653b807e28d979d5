-- Members of the loyalty programme with the moment they joined: as the programme tells, else when their first movement or
-- their account shows it.
with movements as (
    select * from {{ ref('stg_crm__loyalty_events') }}
),

customers as (
    select * from {{ ref('stg_crm__customers') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

moved as (
    select
        coalesce(crm_ids.customer_key, cards.customer_key) as customer_key,
        coalesce(
            min(movements.occurred_at) filter (where movements.event_type = 'joined'), min(movements.occurred_at)
        ) as joined_at
    from movements
    left join identifiers as crm_ids
        on crm_ids.identifier_type = 'crm' and movements.customer_id = crm_ids.identifier
    left join identifiers as cards
        on cards.identifier_type = 'loyalty' and movements.loyalty_id = cards.identifier
    group by all
),

carried as (
    select
        identifiers.customer_key,
        min(customers.registered_at) as joined_at
    from customers
    inner join identifiers
        on identifiers.identifier_type = 'crm' and customers.customer_id = identifiers.identifier
    where customers.loyalty_id is not null
    group by identifiers.customer_key
),

final as (
    select
        coalesce(moved.customer_key, carried.customer_key) as customer_key,
        coalesce(moved.joined_at, carried.joined_at) as joined_at
    from moved
    full outer join carried on moved.customer_key = carried.customer_key
    where coalesce(moved.customer_key, carried.customer_key) is not null
)

select * from final
