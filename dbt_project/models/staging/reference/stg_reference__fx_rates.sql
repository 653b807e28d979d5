-- The latest version of each exchange rate as of the run.
with latest as (
    {{ latest_landed('fx_rates') }}
),

final as (
    select
        currency,
        rate_date,
        rate
    from latest
)

select * from final
