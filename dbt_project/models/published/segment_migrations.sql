-- Who went from which segment to which between two month starts, as shares of those who were in the first. Destinations of
-- few are one destination, '(other)'; where that is few too, it is hidden with the next smallest. Where the segment they
-- come from is itself hidden, so is all that came of it.
with migrations as (
    select * from {{ ref('fct_segment_migrations') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

sources as (
    select
        month_start,
        segment_dimension,
        from_segment as segment,
        any_value(from_customer_count) as customer_count
    from migrations
    group by month_start, segment_dimension, from_segment
),

{{ suppress('sources', cell=['month_start'], measures=[], prefix='sources') }},

pooled as (
    select
        month_start,
        segment_dimension,
        from_segment,
        case
            when customer_count < {{ var('suppression_minimum_customers') }} and from_segment <> to_segment then '(other)'
            else to_segment
        end as segment,
        from_customer_count,
        cast(sum(customer_count) as bigint) as customer_count,
        cast(sum(customer_count) as bigint) as migrated_customer_count
    from migrations
    group by all
),

rated as (
    select
        *,
        round(cast(customer_count as double) / from_customer_count, 6) as migration_share,
        {{ wilson('customer_count', 'from_customer_count', '1.0', -1) }} as migration_share_low,
        {{ wilson('customer_count', 'from_customer_count', '1.0', 1) }} as migration_share_high,
        from_customer_count < {{ var('minimum_n') }} as is_small_n
    from pooled
),

{{ suppress(
    'rated', cell=['month_start', 'from_segment'],
    measures=['migrated_customer_count', 'migration_share', 'migration_share_low', 'migration_share_high']
) }},

hidden_with_source as (
    select
        suppressed.* exclude (is_suppressed),
        suppressed.is_suppressed or sources_suppressed.is_suppressed as is_suppressed,
        sources_suppressed.is_suppressed as is_source_suppressed
    from suppressed
    inner join sources_suppressed
        on
            suppressed.month_start = sources_suppressed.month_start
            and suppressed.segment_dimension = sources_suppressed.segment_dimension
            and suppressed.from_segment = sources_suppressed.segment
),

final as (
    select
        hidden_with_source.month_start,
        hidden_with_source.segment_dimension,
        hidden_with_source.from_segment,
        hidden_with_source.segment as to_segment,
        case when not is_source_suppressed then migrated_customer_count end as migrated_customer_count,
        case when not is_source_suppressed then from_customer_count end as from_customer_count,
        case when not is_source_suppressed then migration_share end as migration_share,
        case when not is_source_suppressed then migration_share_low end as migration_share_low,
        case when not is_source_suppressed then migration_share_high end as migration_share_high,
        case when not is_source_suppressed then is_small_n end as is_small_n,
        hidden_with_source.month_start + {{ var('lateness_allowance_days') }} <= run_parameters.as_of_date as is_mature,
        hidden_with_source.is_suppressed
    from hidden_with_source
    cross join run_parameters
)

select * from final
