-- Contacts that did not settle the matter: after a human closed one, the same person came back with the same matter (the
-- same case, or the same topic) within the declared days. On another channel it had to be told again: that is a type of
-- its own, among those who came back.
with types as (
    select * from {{ ref('int_friction_types__declared') }}
    where detector = 'repeated' and is_available
),

interactions as (
    select
        interaction_id,
        {{ surrogate_key(["'contact'", 'interaction_id']) }} as contact_key
    from {{ ref('stg_crm__interactions') }}
),

contacts as (
    select
        contacts.*,
        interactions.interaction_id
    from {{ ref('int_contacts__identified') }} as contacts
    inner join interactions on contacts.contact_key = interactions.contact_key
    where contacts.is_inbound and not contacts.is_automatic
),

closed as (
    select * from contacts
    where closed_at is not null and not is_abandoned
),

returned as (
    select
        closed.interaction_id as unit_key,
        closed.channel as closed_channel,
        contacts.*
    from closed
    inner join contacts on closed.case_key = contacts.case_key
    where
        contacts.opened_at > closed.closed_at
        and contacts.opened_at <= closed.closed_at + interval '{{ var("repeat_contact_days") }} days'
    union
    select
        closed.interaction_id as unit_key,
        closed.channel as closed_channel,
        contacts.*
    from closed
    inner join contacts on closed.person_key = contacts.person_key and closed.topic is not distinct from contacts.topic
    where
        contacts.opened_at > closed.closed_at
        and contacts.opened_at <= closed.closed_at + interval '{{ var("repeat_contact_days") }} days'
),

final as (
    select
        types.friction_type,
        returned.unit_key,
        returned.customer_key,
        case when returned.is_complaint then 'complaint' else 'support_' || returned.channel end as touchpoint,
        returned.channel,
        cast(null as varchar) as device,
        returned.opened_at as occurred_at,
        'interactions' as source_table,
        returned.interaction_id as source_row_id
    from returned
    inner join types
        on types.risk_set_friction is null or returned.channel is distinct from returned.closed_channel
    where returned.customer_key is not null
    qualify row_number() over (
        partition by types.friction_type, returned.unit_key order by returned.opened_at, returned.interaction_id
    ) = 1
)

select * from final
