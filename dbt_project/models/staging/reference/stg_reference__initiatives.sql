-- The latest version of each improvement of the journey as of the run.
with landed as (
    select * from {{ source('landing', 'initiatives') }}
),

latest as (
    select *
    from landed
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
),

final as (
    select
        initiative_id,
        name,
        stage,
        touchpoint,
        segment_dimension,
        segment,
        starts_on,
        coalesce(currency, '{{ var("reporting_currency") }}') as currency,
        cost_amount
    from latest
)

select * from final
