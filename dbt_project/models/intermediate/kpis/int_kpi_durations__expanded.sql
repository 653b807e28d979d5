-- Durations once per window and segment they count in, added up where they are equal. Whoever has one case of a KPI in a
-- window is nobody in particular (person 0): only who has several must be told apart.
with observations as (
    select
        kpi_number,
        observed_on,
        person_number,
        profile,
        device,
        duration,
        is_open,
        immature_count,
        unit_count + immature_count as all_count
    from {{ ref('int_kpi_observations__placed') }}
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

counted as (
    select
        *,
        sum(all_count) over (partition by kpi_number, window_days, window_end, person_number) = 1 as is_alone
    from windowed
),

profiles_summed as (
    select
        kpi_number,
        window_days,
        window_end,
        profile,
        device,
        case when is_alone then 0 else person_number end as person_number,
        duration,
        is_open,
        sum(all_count) as unit_count,
        sum(immature_count) as immature_count
    from counted
    group by all
),

final as (
    select
        profiles_summed.kpi_number,
        profiles_summed.window_days,
        profiles_summed.window_end,
        profiles.segment_dimension,
        case
            when profiles.segment_dimension = 'device' then profiles_summed.device else profiles.segment
        end as segment,
        profiles_summed.person_number,
        profiles_summed.duration,
        profiles_summed.is_open,
        sum(profiles_summed.unit_count) as unit_count,
        sum(profiles_summed.immature_count) as immature_count
    from profiles_summed
    inner join profiles on profiles_summed.profile = profiles.profile
    group by all
)

select * from final
