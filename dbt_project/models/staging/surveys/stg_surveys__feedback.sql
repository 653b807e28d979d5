-- The latest version of each review or mention as of the run.
with landed as (
    select * from {{ source('landing', 'feedback') }}
),

latest as (
    select *
    from landed
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
),

final as (
    select
        feedback_id,
        customer_id,
        published_at,
        {{ business_date('published_at') }} as published_on,
        platform,
        rating,
        body,
        language,
        replied_at,
        {{ business_date('replied_at') }} as replied_on,
        order_id
    from latest
)

select * from final
