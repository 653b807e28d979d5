-- Durations once per window and segment they count in, added up where they are equal.
with observations as (
    select * from {{ ref('int_kpi_observations__condensed') }}
    where duration is not null
),

windows as (
    select * from {{ ref('int_kpi_windows__dated') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
),

windowed as (
    select
        observations.*,
        1 as window_days,
        observations.observed_on as window_end
    from observations
    union all
    select
        observations.*,
        windows.window_days,
        windows.window_end
    from observations
    inner join windows
        on
            observations.observed_on <= windows.window_end
            and observations.observed_on > windows.window_end - windows.window_days
),

final as (
    select
        windowed.kpi_number,
        windowed.window_days,
        windowed.window_end,
        profiles.segment_dimension,
        case when profiles.segment_dimension = 'device' then windowed.device else profiles.segment end as segment,
        windowed.person_number,
        windowed.duration,
        windowed.is_open,
        sum(windowed.unit_count + windowed.immature_count) as unit_count,
        sum(windowed.immature_count) as immature_count
    from windowed
    inner join profiles on windowed.profile = profiles.profile
    group by all
)

select * from final
