-- Every segment with its names and, as of the release, how many customers are in it and what share of the net revenue of
-- the last year is theirs. A segment nobody is in any more keeps its names: past months tell of it.
with segments as (
    select * from {{ ref('int_segments__dated') }}
),

dimensions as (
    select * from {{ ref('segment_dimensions') }}
),

labels as (
    select * from {{ ref('segment_labels') }}
),

firsts as (
    select * from {{ ref('int_customers__entered') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

availability as (
    select * from {{ source('landing', 'table_availability') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

revenues as (
    select
        firsts.customer_key,
        run_parameters.as_of_date,
        cast(coalesce(sum(orders.net_amount), 0) as decimal(18, 4)) as revenue_amount
    from firsts
    cross join run_parameters
    left join orders
        on
            firsts.customer_key = orders.customer_key
            and orders.ordered_on <= run_parameters.as_of_date
            and orders.ordered_on > run_parameters.as_of_date - {{ var('segment_window_days') }}
    group by firsts.customer_key, run_parameters.as_of_date
),

segmented as (
    {{ by_segment('revenues', 'as_of_date') }}
),

counted as (
    select
        as_of_date,
        segment_dimension,
        segment,
        count(*) as customer_count,
        {{ segment_revenue_sums() }}
    from segmented
    group by as_of_date, segment_dimension, segment
),

{{ segment_revenue_shares('counted') }},

{{ suppress(
    'shared', cell=['as_of_date'], measures=[
        'segment_customer_count', 'customer_share', 'customer_share_low', 'customer_share_high', 'revenue_share',
        'revenue_share_low', 'revenue_share_high', 'is_small_n'
    ]
) }},

named as (
    select
        segment_dimension,
        segment
    from segments
    where (select count(*) from firsts) > 0
    union
    select
        segment_dimension,
        segment
    from suppressed
),

final as (
    select
        run_parameters.as_of_date,
        named.segment_dimension,
        named.segment,
        dimensions.label_en as dimension_label_en,
        dimensions.label_fr as dimension_label_fr,
        coalesce(labels.label_en, named.segment) as label_en,
        coalesce(labels.label_fr, named.segment) as label_fr,
        coalesce(labels.description_en, dimensions.description) as description_en,
        coalesce(labels.description_fr, dimensions.description_fr) as description_fr,
        dimensions.basis as segment_basis,
        case when coalesce(suppressed.is_suppressed, false) then null else coalesce(segment_customer_count, 0) end
            as segment_customer_count,
        suppressed.customer_share,
        suppressed.customer_share_low,
        suppressed.customer_share_high,
        suppressed.revenue_share,
        suppressed.revenue_share_low,
        suppressed.revenue_share_high,
        suppressed.is_small_n,
        dimensions.required_table is null or coalesce(availability.is_available, false) as is_available,
        case
            when dimensions.required_table is not null and not coalesce(availability.is_available, false)
                then 'no accepted extract of ' || dimensions.required_table
        end as unavailable_reason,
        coalesce(suppressed.is_suppressed, false) as is_suppressed
    from named
    cross join run_parameters
    inner join dimensions on named.segment_dimension = dimensions.segment_dimension
    left join suppressed
        on named.segment_dimension = suppressed.segment_dimension and named.segment = suppressed.segment
    left join labels on named.segment_dimension = labels.segment_dimension and named.segment = labels.segment
    left join availability on dimensions.required_table = availability.table_name
)

select * from final
