-- The latest version of each exchange rate as of the run.
with landed as (
    select * from {{ source('landing', 'fx_rates') }}
),

latest as (
    select *
    from landed
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
),

final as (
    select
        currency,
        rate_date,
        rate
    from latest
)

select * from final
