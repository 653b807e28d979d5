-- How value is spread over the customers of a segment: bands of equally many customers, what each holds and its share.
-- Bounds have three significant digits, and the outermost ones are left open, so that they tell no single customer's value.
with lifetime_values as (
    select * from {{ ref('fct_customer_lifetime_values') }}
    where clv_amount is not null and horizon in ('to_date', '12 months')
),

segmented as (
    {{ by_segment('lifetime_values', 'as_of_date') }}
),

banded as (
    select
        *,
        ntile({{ var('clv_distribution_bands') }}) over (
            partition by segment_dimension, segment, method, horizon order by clv_amount, customer_key
        ) as band
    from segmented
),

cells as (
    select
        segment_dimension,
        segment,
        method,
        horizon,
        cast(band as integer) as band,
        count(*) as band_customer_count,
        sum(clv_amount) as clv_amount,
        min(clv_amount) as low_amount,
        max(clv_amount) as high_amount,
        {{ largest_and_absolute(['clv_amount']) }}
    from banded
    group by all
),

totals as (
    select
        segment_dimension,
        segment,
        method,
        horizon,
        max(band) as band_count,
        -- a band most of which is one customer's counts as too small
        min({{ count_unless_dominated('band_customer_count', 'largest_clv_amount', 'absolute_clv_amount') }})
            as smallest_band_count,
        sum(band_customer_count) as total_customer_count,
        sum(clv_amount) as total_amount
    from cells
    group by all
),

rated as (
    select
        cells.segment_dimension,
        cells.segment,
        cells.method,
        cells.horizon,
        cells.band,
        '{{ var("reporting_currency") }}' as currency,
        -- a band under the minimum hides its whole segment: a share of the others would tell it
        case
            when totals.smallest_band_count < {{ var('suppression_minimum_customers') }} then totals.smallest_band_count
            else totals.total_customer_count
        end as customer_count,
        cells.band_customer_count as published_customer_count,
        cast(cells.clv_amount as decimal(18, 2)) as clv_amount,
        cast(cast(cells.clv_amount as double) / cells.band_customer_count as decimal(18, 2)) as clv_mean_amount,
        case when cells.band > 1 then cast({{ three_digits('cells.low_amount') }} as decimal(18, 2)) end as low_amount,
        case
            when cells.band < totals.band_count then cast({{ three_digits('cells.high_amount') }} as decimal(18, 2))
        end as high_amount,
        case
            when totals.total_amount > 0
                then round(cast(cells.clv_amount as double) / cast(totals.total_amount as double), 6)
        end as value_share
    from cells
    inner join totals using (segment_dimension, segment, method, horizon)
),

{{ suppress(
    'rated', cell=['method', 'horizon', 'band'],
    measures=[
        'published_customer_count', 'clv_amount', 'clv_mean_amount', 'low_amount', 'high_amount', 'value_share'
    ]
) }}

select * rename (published_customer_count as customer_count) from suppressed
