-- The latest version of each improvement of the journey as of the run.
with latest as (
    {{ latest_landed('initiatives') }}
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
