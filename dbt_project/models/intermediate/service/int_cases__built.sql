-- Cases from the contacts customers made, outbound ones left out. A case is closed for the first time when a human closes
-- one of its contacts, and over when none is open; contacts left in the queue neither open nor close anything.
with contacts as (
    select
        *,
        not is_automatic and not is_abandoned as is_handled
    from {{ ref('int_contacts__identified') }}
    where is_inbound
),

cases as (
    select
        case_key,
        min(opened_at) as opened_at,
        arg_min(customer_key, (opened_at, contact_key)) filter (where customer_key is not null) as customer_key,
        coalesce(
            arg_min(person_key, (opened_at, contact_key)) filter (where is_known_person),
            arg_min(person_key, (opened_at, contact_key))
        ) as person_key,
        arg_min(topic, (opened_at, contact_key)) filter (where topic is not null) as topic,
        arg_min(order_id, (opened_at, contact_key)) filter (where order_id is not null) as order_id,
        count(*) as contact_count,
        count(distinct channel) as channel_count,
        bool_or(is_complaint) as is_complaint,
        bool_and(is_automatic) as is_automatic,
        bool_or(is_handled) as is_handled,
        min(closed_at) filter (where is_handled) as first_closed_at,
        arg_min(channel, (closed_at, contact_key)) filter (where is_handled and closed_at is not null)
            as first_closed_channel,
        case when not bool_or(is_handled and closed_at is null) then max(closed_at) filter (where is_handled) end
            as closed_at,
        max(support_tier) as highest_tier,
        min(opened_at) filter (where is_known_person) as known_from
    from contacts
    group by case_key
),

final as (
    select
        * exclude (known_from),
        {{ business_date('opened_at') }} as opened_on,
        {{ business_date('first_closed_at') }} as first_closed_on,
        {{ business_date('closed_at') }} as closed_on,
        -- known before it was closed: one made known by a later contact would be a repeat for sure
        coalesce(known_from <= first_closed_at, false) as is_traceable
    from cases
)

select * from final
