-- What the simple rules credit each touchpoint with, per segment and group of the bootstrap: conversions of which it was
-- the first of the path, the last, and its share of the path (linear). A conversion without a path is `direct`.
with paths as (
    select * from {{ ref('int_paths__grouped') }}
    where is_converted
),

registry as (
    select
        touchpoint,
        cast(row_number() over (order by touchpoint) as smallint) as touchpoint_number
    from {{ ref('touchpoints') }}
    union all
    select
        'direct' as touchpoint,
        cast(0 as smallint) as touchpoint_number
),

credited as (
    select
        *,
        case when len(path) = 0 then [cast(0 as smallint)] else path end as credited_path
    from paths
),

touches as (
    select
        segments,
        bootstrap_group,
        path_count,
        converted_subjects,
        unnest(credited_path) as touchpoint_number,
        unnest(range(1, len(credited_path) + 1)) as position,
        len(credited_path) as path_length
    from credited
),

summed as (
    select
        segments,
        bootstrap_group,
        touchpoint_number,
        sum(path_count) filter (where position = 1) as first_count,
        sum(path_count) filter (where position = path_length) as last_count,
        sum(cast(cast(path_count as double) / path_length as decimal(28, 12))) as linear_count,
        flatten(list(converted_subjects)) as subjects
    from touches
    group by all
),

unfolded as (
    select
        unnest(segments) as cell,
        *
    from summed
),

final as (
    select
        unfolded.cell.segment_dimension,
        unfolded.cell.segment,
        cast(unfolded.bootstrap_group as integer) as bootstrap_group,
        registry.touchpoint,
        cast(coalesce(sum(unfolded.first_count), 0) as bigint) as first_count,
        cast(coalesce(sum(unfolded.last_count), 0) as bigint) as last_count,
        cast(sum(unfolded.linear_count) as decimal(28, 9)) as linear_count,
        cast(len(list_distinct(flatten(list(unfolded.subjects)))) as bigint) as customer_count
    from unfolded
    inner join registry on unfolded.touchpoint_number = registry.touchpoint_number
    group by all
)

select * from final
