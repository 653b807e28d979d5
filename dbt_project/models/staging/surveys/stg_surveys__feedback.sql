-- The latest version of each review or mention as of the run.
with latest as (
    {{ latest_landed('feedback') }}
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
