-- What every KPI counts per window and person, by the profile of segments the person was in and by device. Of the answers
-- of which only the last counts, a person's last of the window; of a state, its last day.
with observations as (
    select * from {{ ref('int_kpi_observations__condensed') }}
    where duration is null and counts_in <> 'others'
),

windows as (
    select * from {{ ref('int_kpi_windows__dated') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

window_days as (
    select
        window_number,
        window_end,
        unnest(generate_series(
            cast(window_end - window_days + 1 as timestamp), cast(window_end as timestamp), interval 1 day
        )) as day_at
    from windows
),

days as (
    select
        window_number,
        cast(day_at as date) as observed_on,
        cast(day_at as date) = window_end as is_last
    from window_days
),

windowed as (
    select
        observations.*,
        days.window_number
    from observations
    inner join kpis on observations.kpi_number = kpis.kpi_number
    inner join days on observations.observed_on = days.observed_on
    where kpis.aggregation <> 'state' or days.is_last
),

counted as (
    select * exclude (last_answer_group, unit_key, observed_at)
    from windowed
    where last_answer_group is null
    union all
    select * exclude (last_answer_group, unit_key, observed_at)
    from windowed
    where last_answer_group is not null
    qualify row_number() over (
        partition by kpi_number, window_number, person_number, last_answer_group
        order by observed_at desc, unit_key desc
    ) = 1
),

final as (
    select
        kpi_number,
        window_number,
        arm,
        person_number,
        profile,
        device,
        {{ kpi_person_sums() }}
    from counted
    group by all
)

select * from final
