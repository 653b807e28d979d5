-- The parameters lifetime values rest on, and how their fits went; groups of few customers are hidden.
with fits as (
    select * from {{ source('analysis', 'clv_fits') }}
),

contract_fits as (
    select * from {{ source('analysis', 'clv_contract_fits') }}
),

frequency_spend as (
    select * from {{ source('analysis', 'clv_frequency_spend') }}
),

unioned as (
    select
        fits.*,
        frequency_spend.spearman,
        frequency_spend.uses_bands
    from fits
    left join frequency_spend on fits.fit_group = frequency_spend.fit_group
    union all by name
    select
        *,
        contract_count as customer_count
    from contract_fits
),

grouped as (
    select
        case
            when fit_group = 'all' then 'all'
            when model = 'sbg' then 'plan'
            else '{{ var("clv_fit_dimension") }}'
        end as segment_dimension,
        fit_group as segment,
        fit_group,
        model,
        parameter,
        round(estimate, 9) as estimate,
        round(low, 9) as estimate_low,
        round(high, 9) as estimate_high,
        round(log_estimate_se, 9) as log_estimate_standard_error,
        round(log_likelihood, 3) as log_likelihood,
        customer_count,
        customer_count as published_customer_count,
        repeater_count,
        round(spearman, 6) as spearman,
        uses_bands,
        is_chosen,
        status,
        nullif(reason, '') as reason
    from unioned
),

{{ suppress(
    'grouped', cell=['model', 'parameter'],
    measures=[
        'estimate', 'estimate_low', 'estimate_high', 'log_estimate_standard_error', 'log_likelihood',
        'published_customer_count', 'repeater_count', 'spearman', 'uses_bands', 'is_chosen', 'status', 'reason'
    ]
) }},

final as (
    select * exclude (segment_dimension, segment) rename (published_customer_count as customer_count)
    from suppressed
)

select * from final
