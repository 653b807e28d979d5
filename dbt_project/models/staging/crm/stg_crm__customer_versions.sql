-- Every version of each customer, by the day it was delivered on; within a day the one kept as the latest.
with landed as (
    select * from {{ source('landing', 'customers') }}
),

final as (
    select
        customer_id,
        _extract_date as delivered_on,
        account_id,
        customer_type,
        region
    from landed
    qualify row_number() over (partition by _key_hash, _extract_date order by _row_hash asc) = 1
)

select * from final
