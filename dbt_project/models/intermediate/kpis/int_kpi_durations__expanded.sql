-- Durations once per window they count in, added up where they are equal, by profile of segments and device, of which there
-- are few. Whoever has one case of a KPI in a window is nobody in particular (person 0): only who has several must be told
-- apart.
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

final as (
    select
        kpi_number,
        window_days,
        window_end,
        profile,
        device,
        case when is_alone then 0 else person_number end as person_number,
        duration,
        is_open,
        cast(sum(all_count) as bigint) as unit_count,
        cast(sum(immature_count) as bigint) as immature_count
    from counted
    group by all
)

select * from final
