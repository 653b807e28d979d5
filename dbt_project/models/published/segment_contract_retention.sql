-- Contract retention per renewal opportunity, in contracts (logos) and in yearly amount: all renewals together (number 0)
-- by segment, and each renewal for all customers. Without contracts one row says that it cannot be had.
with renewals as (
    select * from {{ ref('int_contract_renewals__judged') }}
),

availability as (
    select * from {{ source('landing', 'table_availability') }}
    where table_name = 'contracts'
),

numbered as (
    select
        *,
        period as renewal_number
    from renewals
    union all
    select
        *,
        0 as renewal_number
    from renewals
),

segmented as (
    {{ by_segment('numbered', 'decided_on') }}
),

clusters as (
    select
        renewal_number,
        segment_dimension,
        segment,
        coalesce(customer_key, first_contract_id) as person_key,
        count(*) as opportunity_count,
        count(*) filter (where is_renewed) as renewed_count,
        cast(sum(annual_amount) as decimal(18, 4)) as due_amount,
        cast(sum(renewed_annual_amount) as decimal(18, 4)) as renewed_amount,
        cast(sum(least(annual_amount, renewed_annual_amount)) as decimal(18, 4)) as kept_amount
    from segmented
    where renewal_number = 0 or segment_dimension = 'all'
    group by all
),

cells as (
    select
        renewal_number,
        segment_dimension,
        segment,
        count(*) as customer_count,
        {{ paired_sums('renewed_count', 'opportunity_count', 'logo') }},
        {{ paired_sums('renewed_amount', 'due_amount', 'revenue') }},
        {{ paired_sums('kept_amount', 'due_amount', 'gross') }}
    from clusters
    group by all
),

rated as (
    select
        cast(renewal_number as integer) as renewal_number,
        -- the renewals of all customers add up to number 0, as segments do to `all`
        case when renewal_number = 0 then segment_dimension else 'renewal_number' end as segment_dimension,
        case when renewal_number = 0 then segment else lpad(cast(renewal_number as varchar), 2, '0') end as segment,
        true as is_available,
        cast(null as varchar) as unavailable_reason,
        '{{ var("reporting_currency") }}' as currency,
        {{ count_unless_uniform('customer_count', 'logo_x', 'logo_n') }} as customer_count,
        cast(logo_n as bigint) as opportunity_count,
        cast(logo_x as bigint) as renewed_count,
        cast(logo_n - logo_x as bigint) as lost_count,
        round(cast(logo_x as double) / cast(logo_n as double), 6) as renewal_rate,
        {{ paired_wilson('logo', -1) }} as renewal_rate_low,
        {{ paired_wilson('logo', 1) }} as renewal_rate_high,
        cast(revenue_n as decimal(18, 2)) as up_for_renewal_amount,
        cast(revenue_x as decimal(18, 2)) as renewed_amount,
        {{ paired_ratio('revenue') }} as revenue_retention_rate,
        {{ paired_ratio('revenue', -1) }} as revenue_retention_rate_low,
        {{ paired_ratio('revenue', 1) }} as revenue_retention_rate_high,
        {{ paired_ratio('gross') }} as gross_retention_rate,
        {{ paired_ratio('gross', -1) }} as gross_retention_rate_low,
        {{ paired_ratio('gross', 1) }} as gross_retention_rate_high,
        logo_n < {{ var('minimum_n') }} as is_small_n
    from cells
),

{{ suppress(
    'rated', cell=['renewal_number > 0'],
    measures=[
        'opportunity_count', 'renewed_count', 'lost_count', 'renewal_rate', 'renewal_rate_low', 'renewal_rate_high',
        'up_for_renewal_amount', 'renewed_amount', 'revenue_retention_rate', 'revenue_retention_rate_low',
        'revenue_retention_rate_high', 'gross_retention_rate', 'gross_retention_rate_low', 'gross_retention_rate_high',
        'is_small_n'
    ]
) }},

final as (
    select
        *
        replace (
            case when renewal_number = 0 then segment_dimension else 'all' end as segment_dimension,
            case when renewal_number = 0 then segment else 'all' end as segment
        )
    from suppressed
    union all by name
    select
        0 as renewal_number,
        'all' as segment_dimension,
        'all' as segment,
        false as is_available,
        'no accepted extract of contracts' as unavailable_reason,
        '{{ var("reporting_currency") }}' as currency,
        false as is_suppressed
    from availability
    where not is_available
)

select * from final
