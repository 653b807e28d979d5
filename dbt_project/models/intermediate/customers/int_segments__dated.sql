-- The segment a customer is in, per dimension and time: valid_from counts, valid_to does not. Dimensions the CRM gives
-- hold for all time; new/returning changes at the start of a month only, so that a month is never split.
with customers as (
    select * from {{ ref('stg_crm__customers') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

sessions as (
    select * from {{ ref('int_sessions__aggregated') }}
),

persons as (
    select
        customer_key,
        min(identifier) filter (where identifier_type = 'crm') as customer_id
    from identifiers
    group by customer_key
),

first_sessions as (
    select
        customer_key,
        device,
        traffic_channel
    from sessions
    qualify row_number() over (partition by customer_key order by started_at, session_key) = 1
),

second_purchase_days as (
    select
        customer_key,
        ordered_on
    from orders
    where is_purchase and customer_key is not null
    qualify dense_rank() over (partition by customer_key order by ordered_on) = 2
),

returning_since as (
    select
        customer_key,
        cast(date_trunc('month', min(ordered_on)) + interval 1 month as date) as returning_from
    from second_purchase_days
    group by customer_key
),

profiles as (
    select
        persons.customer_key,
        coalesce(customers.customer_type, 'unknown') as customer_type,
        coalesce(customers.region, 'unknown') as region,
        coalesce(customers.acquisition_channel, first_sessions.traffic_channel, 'unknown') as acquisition_channel,
        coalesce(first_sessions.device, 'unknown') as device
    from persons
    left join customers on persons.customer_id = customers.customer_id
    left join first_sessions on persons.customer_key = first_sessions.customer_key
),

steady as (
    unpivot profiles
    on customer_type, region, acquisition_channel, device
    into name segment_dimension value segment
),

final as (
    select
        customer_key,
        segment_dimension,
        segment,
        date '0001-01-01' as valid_from,
        date '9999-12-31' as valid_to
    from steady
    union all
    select
        persons.customer_key,
        'new_returning' as segment_dimension,
        'new' as segment,
        date '0001-01-01' as valid_from,
        coalesce(returning_since.returning_from, date '9999-12-31') as valid_to
    from persons
    left join returning_since on persons.customer_key = returning_since.customer_key
    union all
    select
        customer_key,
        'new_returning' as segment_dimension,
        'returning' as segment,
        returning_from as valid_from,
        date '9999-12-31' as valid_to
    from returning_since
)

select * from final
