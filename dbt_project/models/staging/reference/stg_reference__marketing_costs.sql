-- The latest version of each marketing cost as of the run.
with landed as (
    select * from {{ source('landing', 'marketing_costs') }}
),

latest as (
    select *
    from landed
    qualify row_number() over (partition by _key_hash order by _extract_date desc, _row_hash asc) = 1
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
