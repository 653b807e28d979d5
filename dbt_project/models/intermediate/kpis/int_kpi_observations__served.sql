-- Observations of the KPIs of single support contacts: how fast a human answers, who leaves the queue, how much is asked.
with contacts as (
    select * from {{ ref('int_contacts__timed') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
    where is_sale
),

responses as (
    select
        *,
        cast(clock_seconds / 3600.0 as decimal(18, 4)) as clock_hours,
        cast(business_seconds / 3600.0 as decimal(18, 4)) as business_hours,
        cast(handling_seconds / 60.0 as decimal(18, 4)) as handling_minutes,
        cast(
            {{ seconds_between('opened_at', 'coalesce(acknowledged_at, waited_until)') }} / 60.0 as decimal(18, 4)
        ) as acknowledgement_minutes
    from contacts
    where not is_abandoned
),

measured as (
    select
        responses.*,
        kpis.kpi_id,
        case
            when kpis.kpi_id = 'acknowledgement_time' then greatest(acknowledgement_minutes, 0)
            when kpis.kpi_id = 'first_response_business' then business_hours
            else clock_hours
        end as numerator,
        case
            when kpis.kpi_id = 'acknowledgement_time' then acknowledged_at is null
            else is_unanswered
        end as is_open
    from responses
    cross join (
        select unnest([
            'first_response', 'first_response_p90', 'first_response_business', 'acknowledgement_time'
        ]) as kpi_id
    ) as kpis
    union all by name
    select
        *,
        'handling_time' as kpi_id,
        handling_minutes as numerator
    from responses
    where handling_seconds is not null
    union all by name
    -- who left the queue would have waited longer
    select
        *,
        'waiting_time' as kpi_id,
        waiting_seconds as numerator,
        is_abandoned as is_open
    from contacts
    where waiting_seconds is not null
    union all by name
    select
        *,
        'abandoned_contacts' as kpi_id,
        cast(is_abandoned as integer) as numerator
    from contacts
    where waiting_seconds is not null or is_abandoned
    union all by name
    select
        *,
        'availability' as kpi_id,
        cast(is_served_in_opening_hours as integer) as numerator
    from contacts
    where is_in_opening_hours
    union all by name
    select
        *,
        'contact_rate' as kpi_id,
        1 as numerator,
        0 as denominator
    from contacts
),

unioned as (
    select
        kpi_id,
        contact_key as unit_key,
        customer_key,
        person_key,
        opened_at as observed_at,
        opened_on as observed_on,
        numerator,
        coalesce(denominator, 1) as denominator,
        coalesce(is_open, false) as is_open
    from measured
    union all by name
    select
        'contact_rate' as kpi_id,
        order_key as unit_key,
        customer_key,
        person_key,
        ordered_at as observed_at,
        ordered_on as observed_on,
        0 as numerator,
        1 as denominator,
        false as is_open
    from orders
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
