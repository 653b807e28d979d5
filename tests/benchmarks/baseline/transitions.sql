-- Transitions as one would write them by hand: one window over numbers instead of names, the same rules as the model.
-- Reads `sessions`, `touchpoints`, `placed` and `run_parameters`.
create table transitions as
with numbers as (
    select touchpoint, cast(row_number() over (order by touchpoint) as utinyint) as number
    from (select distinct touchpoint from touchpoints)
),

walked as (
    select
        true as is_session, sessions.session_key as path_key, sessions.customer_key, sessions.device,
        cast(timezone('Europe/Paris', timezone('UTC', sessions.ended_at)) as date) as ended_on, false as is_completed,
        touchpoints.touchpoint_key, touchpoints.touchpoint, touchpoints.occurred_at
    from sessions
    inner join touchpoints using (session_key)
    cross join run_parameters
    where
        sessions.ended_at + interval 30 minutes < as_of_at
        and cast(timezone('Europe/Paris', timezone('UTC', sessions.ended_at)) as date) > as_of_date - 90
    union all
    select
        false, placed.journey_key, placed.subject_key, placed.device,
        cast(timezone('Europe/Paris', timezone('UTC', placed.ended_at)) as date), placed.is_completed,
        placed.touchpoint_key, placed.touchpoint, placed.occurred_at
    from placed
    cross join run_parameters
    where cast(timezone('Europe/Paris', timezone('UTC', placed.ended_at)) as date) > as_of_date - 90
),

stepped as (
    select
        is_session, customer_key, device, ended_on, is_completed, number,
        lead(number) over path as next_number,
        lag(number) over path is null as is_first
    from walked
    inner join numbers using (touchpoint)
    window path as (partition by is_session, path_key order by occurred_at, touchpoint_key)
),

moves as (
    select
        is_session, customer_key, coalesce(device, 'unknown') as device, ended_on, number as from_number,
        coalesce(next_number, case when is_completed then 255 else 254 end) as to_number
    from stepped
    union all
    select is_session, customer_key, coalesce(device, 'unknown'), ended_on, 0, number from stepped
    where is_first
),

counted as (
    select
        is_session, customer_key, device, from_number, to_number,
        count(*) as last_90, max(ended_on) as last_ended_on,
        count(*) filter (where ended_on > as_of_date - 28) as last_28
    from moves
    cross join run_parameters
    group by all
),

names as (
    select * from numbers
    union all
    values ('start', 0), ('left', 254), ('completed', 255)
)

select
    case when is_session then 'session' else 'journey' end as scope, windows.window_days, customer_key, device,
    last_ended_on, origin.touchpoint as from_touchpoint, target.touchpoint as to_touchpoint,
    case when windows.window_days = 28 then last_28 else last_90 end as transition_count
from counted
inner join names as origin on from_number = origin.number
inner join names as target on to_number = target.number
cross join (values (28), (90)) as windows (window_days)
where windows.window_days = 90 or last_28 > 0;
