-- The latest version of each support contact as of the run.
with landed as (
    select * from {{ source('landing', 'interactions') }}
),

latest as (
    select *
    from landed
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
),

final as (
    select
        interaction_id,
        case_id,
        customer_id,
        email_hash,
        opened_at,
        channel,
        coalesce(direction, 'inbound') as direction,
        topic,
        order_id
    from latest
)

select * from final
