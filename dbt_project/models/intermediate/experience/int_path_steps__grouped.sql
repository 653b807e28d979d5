-- How often paths went from one touchpoint to the next, per segment and group of the bootstrap: from `start` to the
-- first, from the last to `conversion` or to `null`. A touchpoint met twice in a row is followed by itself.
with paths as (
    select * from {{ ref('int_paths__grouped') }}
),

registry as (
    select
        touchpoint,
        cast(row_number() over (order by touchpoint) as smallint) as touchpoint_number
    from {{ ref('touchpoints') }}
    union all
    select * from (values ('start', 0), ('conversion', -1), ('null', -2)) as ends (touchpoint, touchpoint_number)
),

steps as (
    select
        segments,
        bootstrap_group,
        path_count,
        unnest(list_prepend(cast(0 as smallint), path)) as from_number,
        unnest(list_append(path, cast(case when is_converted then -1 else -2 end as smallint))) as to_number
    from paths
),

counted as (
    select
        segments,
        bootstrap_group,
        from_number,
        to_number,
        sum(path_count) as step_count
    from steps
    group by all
),

unfolded as (
    select
        unnest(segments) as cell,
        bootstrap_group,
        from_number,
        to_number,
        step_count
    from counted
),

final as (
    select
        unfolded.cell.segment_dimension,
        unfolded.cell.segment,
        cast(unfolded.bootstrap_group as integer) as bootstrap_group,
        origins.touchpoint as from_touchpoint,
        targets.touchpoint as to_touchpoint,
        cast(sum(unfolded.step_count) as bigint) as step_count
    from unfolded
    inner join registry as origins on unfolded.from_number = origins.touchpoint_number
    inner join registry as targets on unfolded.to_number = targets.touchpoint_number
    group by all
)

select * from final
