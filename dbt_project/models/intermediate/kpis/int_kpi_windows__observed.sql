-- What windows are made of: observations added up per person, profile of segments and device in each period between two
-- days on which a window begins or ends, told by its last day. Every window is some of these. Of the answers of which
-- only the last counts, a person's last of each window, and of a state, its last day: they belong to one window.
with observations as not materialized (
    select
        *,
        {{ kpi_series('kpi_number', 'arm') }} as series_number,
        {{ number_of(['device']) }} as device_number
    from {{ ref('int_kpi_observations__placed') }}
    where duration is null
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

windows as (
    select * from {{ ref('int_kpi_windows__dated') }}
),

window_days as (
    select
        window_number,
        cast(unnest(generate_series(
            cast(window_end - window_days + 1 as timestamp), cast(window_end as timestamp), interval 1 day
        )) as date) as observed_on
    from windows
),

ends as (
    select window_end as period_end
    from windows
    union
    select window_end - window_days as period_end
    from windows
),

days as (
    select
        window_days.observed_on,
        false as is_state,
        cast(null as smallint) as window_number,
        min(ends.period_end) as period_end
    from window_days
    inner join ends on window_days.observed_on <= ends.period_end
    group by window_days.observed_on
    union all
    select
        window_end as observed_on,
        true as is_state,
        window_number,
        null as period_end
    from windows
),

last_answers as (
    select
        observations.*,
        window_days.window_number
    from observations
    inner join window_days on observations.observed_on = window_days.observed_on
    where observations.last_answer_group is not null
    qualify row_number() over (
        partition by
            observations.series_number, window_days.window_number, observations.person_number,
            observations.last_answer_group
        order by observations.observed_at desc, observations.unit_key desc
    ) = 1
),

final as (
    select
        observations.series_number,
        days.window_number,
        days.period_end,
        observations.person_number,
        observations.profile,
        observations.device_number,
        {{ kpi_person_sums() }}
    from observations
    inner join kpis on observations.kpi_number = kpis.kpi_number
    inner join days
        on observations.observed_on = days.observed_on and days.is_state = (kpis.aggregation = 'state')
    where observations.last_answer_group is null
    group by all
    union all
    select
        series_number,
        window_number,
        null as period_end,
        person_number,
        profile,
        device_number,
        {{ kpi_person_sums() }}
    from last_answers
    group by all
)

select * from final
