-- The latest version of each marketing cost as of the run.
with latest as (
    {{ latest_landed('marketing_costs') }}
),

final as (
    select
        _key_hash as marketing_cost_key,
        cast(date_trunc('month', month_start) as date) as month_start,
        acquisition_channel,
        campaign_id,
        coalesce(currency, '{{ var("reporting_currency") }}') as currency,
        cost_amount
    from latest
)

select * from final
