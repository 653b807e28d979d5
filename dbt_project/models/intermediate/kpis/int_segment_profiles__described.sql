-- The segment a profile stands for in every dimension, told by one of its customers; profile 0 is nobody known. The
-- pairs of dimension and segment are numbered.
with profiles as (
    select
        profile,
        arg_min(customer_key, (customer_key, valid_from)) as customer_key,
        arg_min(valid_from, (customer_key, valid_from)) as valid_from
    from {{ ref('int_segment_profiles__dated') }}
    where profile <> 0
    group by profile
    union all
    select
        cast(0 as ubigint) as profile,
        null as customer_key,
        null as valid_from
),

segments as (
    select * from {{ ref('int_segments__dated') }}
),

dimensions as (
    select * from {{ ref('segment_dimensions') }}
),

described as (
    select
        profiles.profile,
        dimensions.segment_dimension,
        case
            when dimensions.segment_dimension = 'all' then 'all'
            when profiles.customer_key is null then 'unknown'
            else coalesce(segments.segment, dimensions.default_segment, 'unknown')
        end as segment
    from profiles
    cross join dimensions
    left join segments
        on
            profiles.customer_key = segments.customer_key
            and dimensions.segment_dimension = segments.segment_dimension
            and profiles.valid_from >= segments.valid_from
            and profiles.valid_from < segments.valid_to
),

final as (
    select
        profile,
        segment_dimension,
        segment,
        cast(dense_rank() over (order by segment_dimension, segment) as integer) as segment_number
    from described
)

select * from final
