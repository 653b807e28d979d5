-- Segments the company gives: type and region as the CRM said at the time; channel and device are those of the
-- acquisition and never change. From when each holds.
with attributes as (
    select * from {{ ref('int_customer_attributes__dated') }}
),

customers as (
    select * from {{ ref('stg_crm__customers') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

sessions as (
    select * from {{ ref('int_sessions__aggregated') }}
),

first_sessions as (
    select
        customer_key,
        device,
        traffic_channel
    from sessions
    where customer_key is not null
    qualify row_number() over (partition by customer_key order by started_at, session_key) = 1
),

won_through as (
    select
        identifiers.customer_key,
        arg_min(customers.acquisition_channel, customers.customer_id) as acquisition_channel
    from identifiers
    inner join customers
        on identifiers.identifier_type = 'crm' and identifiers.identifier = customers.customer_id
    where trim(customers.acquisition_channel) <> ''
    group by identifiers.customer_key
),

acquisitions as (
    select
        coalesce(won_through.customer_key, first_sessions.customer_key) as customer_key,
        {{ segment_name('coalesce(won_through.acquisition_channel, first_sessions.traffic_channel)') }}
            as acquisition_channel,
        {{ segment_name('first_sessions.device') }} as device
    from won_through
    full join first_sessions on won_through.customer_key = first_sessions.customer_key
),

final as (
    select
        customer_key,
        'customer_type' as segment_dimension,
        customer_type as segment,
        valid_from
    from attributes
    union all
    select
        customer_key,
        'region' as segment_dimension,
        region as segment,
        valid_from
    from attributes
    union all
    select
        customer_key,
        'acquisition_channel' as segment_dimension,
        acquisition_channel as segment,
        date '0001-01-01' as valid_from
    from acquisitions
    where acquisition_channel is not null
    union all
    select
        customer_key,
        'device' as segment_dimension,
        device as segment,
        date '0001-01-01' as valid_from
    from acquisitions
    where device is not null
)

select * from final
