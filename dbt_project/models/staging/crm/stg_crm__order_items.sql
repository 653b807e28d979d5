-- Order lines; equal lines of one order are separate facts.
with landed as (
    select * from {{ source('landing', 'order_items') }}
),

final as (
    select
        _key_hash as order_item_key,
        order_id,
        product_id,
        quantity,
        currency,
        unit_price,
        unit_cost
    from landed
)

select * from final
