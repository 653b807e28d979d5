-- Observations of the KPIs of messages: opened, clicked, personalised against generic, and how many a customer gets.
-- An opening or click within seconds of delivery is a machine's. Marketing to whoever has not agreed to it counts nowhere;
-- where nobody is said to have agreed, consent was not delivered, and all of it counts but for contact pressure.
with messages as (
    select * from {{ ref('int_messages__identified') }}
),

consents as (
    select coalesce(bool_or(has_marketing_consent), false) as is_delivered
    from messages
),

reactions as (
    select
        messages.*,
        coalesce(
            opened_at >= delivered_at + interval '{{ var("machine_reaction_seconds") }} seconds'
            and opened_at <= delivered_at + interval '{{ var("message_reaction_days") }} days',
            false
        ) as is_opened,
        coalesce(
            clicked_at >= delivered_at + interval '{{ var("machine_reaction_seconds") }} seconds'
            and clicked_at <= delivered_at + interval '{{ var("message_reaction_days") }} days',
            false
        ) as is_clicked
    from messages
    cross join consents
    where
        delivered_at is not null
        and coalesce(channel, 'email') in ('email', 'push')
        and (purpose is distinct from 'marketing' or has_marketing_consent or not consents.is_delivered)
),

marketing_sends as (
    select
        customer_key,
        sent_on,
        min(sent_at) as sent_at,
        count(*) as send_count,
        date_diff('day', date '1970-01-01', sent_on) // {{ var('contact_pressure_days') }} as block
    from messages
    where purpose = 'marketing' and has_marketing_consent and customer_key is not null
    group by customer_key, sent_on
),

-- every send carries its part of the customer, so that the parts of a block add up to one customer contacted
pressure as (
    select
        *,
        cast(send_count as double) / sum(send_count) over (partition by customer_key, block) as customer_part
    from marketing_sends
),

unioned as (
    select
        'open_rate' as kpi_id,
        message_key as unit_key,
        customer_key,
        person_key,
        delivered_at as observed_at,
        delivered_on as observed_on,
        null as arm,
        cast(is_opened as integer) as numerator,
        1 as denominator
    from reactions
    union all by name
    select
        'click_rate' as kpi_id,
        message_key as unit_key,
        customer_key,
        person_key,
        delivered_at as observed_at,
        delivered_on as observed_on,
        cast(is_clicked as integer) as numerator,
        1 as denominator
    from reactions
    union all by name
    select
        'personalised_uplift' as kpi_id,
        message_key as unit_key,
        customer_key,
        person_key,
        delivered_at as observed_at,
        delivered_on as observed_on,
        case when is_personalised then 'treated' else 'baseline' end as arm,
        cast(is_clicked as integer) as numerator,
        1 as denominator
    from reactions
    where purpose = 'marketing' and is_personalised is not null
    union all by name
    select
        'contact_pressure' as kpi_id,
        {{ surrogate_key(['customer_key', 'sent_on']) }} as unit_key,
        customer_key,
        customer_key as person_key,
        sent_at as observed_at,
        sent_on as observed_on,
        send_count as numerator,
        customer_part as denominator
    from pressure
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
