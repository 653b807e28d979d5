-- Observed customer lifetime value per segment: (annual revenue × relationship years) − costs, to date.
with customers as (
    select * from {{ ref('fct_customer_value') }}
),

segmented as (
    {{ by_segment('customers', 'as_of_date') }}
),

clusters as (
    select
        *,
        cast(net_revenue_amount - costs_amount as decimal(18, 4)) as cluster_x,
        cast(1 as decimal(18, 4)) as cluster_n
    from segmented
),

cells as (
    select
        segment_dimension,
        segment,
        has_goods_cost,
        count(*) as customer_count,
        sum(net_revenue_amount) as net_revenue_amount,
        sum(costs_amount) as costs_amount,
        sum(relationship_days) as relationship_days,
        {{ cluster_sums() }}
    from clusters
    group by all
),

rated as (
    select
        segment_dimension,
        segment,
        case when has_goods_cost then 'observed' else 'observed_revenue' end as method,
        'to_date' as horizon,
        '{{ var("reporting_currency") }}' as currency,
        customer_count as person_count,
        customer_count,
        cast(net_revenue_amount as decimal(18, 2)) as net_revenue_amount,
        cast(costs_amount as decimal(18, 2)) as costs_amount,
        case when has_goods_cost then 'goods' else 'none' end as costs_included,
        round(cast(relationship_days as double) / 365.25, 6) as relationship_years,
        cast(cast(net_revenue_amount as double) * 365.25 / cast(relationship_days as double) as decimal(18, 2))
            as annual_net_revenue_amount,
        cast(sum_x as decimal(18, 2)) as clv_amount,
        cast(cast(sum_x as double) / customer_count as decimal(18, 2)) as clv_mean_amount,
        cast(cast(sum_x as double) / customer_count - {{ ratio_half_width() }} as decimal(18, 2)) as clv_mean_low_amount,
        cast(cast(sum_x as double) / customer_count + {{ ratio_half_width() }} as decimal(18, 2)) as clv_mean_high_amount,
        customer_count < {{ var('minimum_n') }} as is_small_n
    from cells
),

renamed as (
    select
        segment_dimension,
        segment,
        method,
        horizon,
        currency,
        person_count as customer_count,
        customer_count as published_customer_count,
        * exclude (segment_dimension, segment, method, horizon, currency, person_count, customer_count)
    from rated
),

{{ suppress(
    'renamed',
    cell=['method', 'horizon'],
    measures=[
        'published_customer_count', 'net_revenue_amount', 'costs_amount', 'costs_included', 'relationship_years',
        'annual_net_revenue_amount', 'clv_amount', 'clv_mean_amount', 'clv_mean_low_amount', 'clv_mean_high_amount',
        'is_small_n'
    ]
) }}

select * rename (published_customer_count as customer_count) from suppressed
