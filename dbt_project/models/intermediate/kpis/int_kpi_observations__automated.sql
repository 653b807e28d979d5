-- Observations of the KPIs of chatbot sessions, against the contacts with a human that follow. A session that can be tied
-- neither to a person nor to a case is left out.
with contacts as (
    select * from {{ ref('int_contacts__timed') }}
),

bots as (
    select
        *,
        coalesce(closed_at, opened_at) as ended_at
    from {{ ref('int_contacts__identified') }}
    where is_inbound and is_automatic and (is_known_person or has_case)
),

handovers as (
    select
        bots.contact_key as bot_key,
        contacts.contact_key,
        contacts.opened_at,
        contacts.is_abandoned,
        contacts.is_unanswered,
        contacts.waited_until
    from bots
    inner join contacts on bots.case_key = contacts.case_key
    where
        contacts.opened_at >= bots.opened_at
        and contacts.opened_at <= bots.ended_at + interval '{{ var("human_contact_hours") }} hours'
    union
    select
        bots.contact_key as bot_key,
        contacts.contact_key,
        contacts.opened_at,
        contacts.is_abandoned,
        contacts.is_unanswered,
        contacts.waited_until
    from bots
    inner join contacts on bots.person_key = contacts.person_key
    where
        contacts.opened_at >= bots.opened_at
        and contacts.opened_at <= bots.ended_at + interval '{{ var("human_contact_hours") }} hours'
),

reached as (
    select
        bot_key,
        arg_min(waited_until, (opened_at, contact_key)) filter (where not is_abandoned) as waited_until,
        arg_min(is_unanswered, (opened_at, contact_key)) filter (where not is_abandoned) as is_unanswered
    from handovers
    group by bot_key
),

unioned as (
    select
        'bot_containment' as kpi_id,
        bots.contact_key as unit_key,
        bots.customer_key,
        bots.person_key,
        bots.opened_at as observed_at,
        cast(reached.bot_key is null and not bots.is_abandoned as integer) as numerator,
        false as is_open
    from bots
    left join reached on bots.contact_key = reached.bot_key
    union all by name
    select
        'time_to_human' as kpi_id,
        bots.contact_key as unit_key,
        bots.customer_key,
        bots.person_key,
        bots.opened_at as observed_at,
        {{ seconds_between('bots.opened_at', 'reached.waited_until') }} / 60.0 as numerator,
        reached.is_unanswered as is_open
    from bots
    inner join reached on bots.contact_key = reached.bot_key
    where reached.waited_until is not null
),

final as (
    select
        * replace (cast(numerator as decimal(18, 4)) as numerator),
        cast(1 as decimal(18, 4)) as denominator,
        {{ business_date('observed_at') }} as observed_on
    from unioned
)

select * from final
