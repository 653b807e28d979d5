-- How often each customer went from one touchpoint to the next in paths that ended lately: from `start` to the first, and
-- from the last to `left` or `completed`. What comes in at a touchpoint goes out. Of touchpoints at the same time, the
-- one with the least key comes first.
with paths as (
    select * from {{ ref('int_paths__ended') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

stepped as (
    select
        *,
        lead(touchpoint) over path as next_touchpoint,
        lag(touchpoint) over path is null as is_first
    from paths
    window path as (partition by scope, path_key order by occurred_at, touchpoint_key)
),

moves as (
    select
        *,
        touchpoint as from_touchpoint,
        coalesce(next_touchpoint, ending) as to_touchpoint
    from stepped
    union all
    select
        *,
        'start' as from_touchpoint,
        touchpoint as to_touchpoint
    from stepped
    where is_first
),

windows as (
    select unnest({{ var('transition_windows_days') }}) as window_days
),

final as (
    select
        moves.scope,
        cast(windows.window_days as integer) as window_days,
        moves.customer_key,
        coalesce(moves.device, 'unknown') as device,
        max(moves.ended_on) as last_ended_on,
        moves.from_touchpoint,
        moves.to_touchpoint,
        cast(count(*) as bigint) as transition_count
    from moves
    cross join run_parameters
    inner join windows on moves.ended_on > run_parameters.as_of_date - windows.window_days
    group by all
)

select * from final
