-- Survey KPIs by the touchpoint the survey asked about, over the windows that end at the as-of date; answers about the
-- relation as a whole are `none`. Few respondents are hidden as segments are.
with answers as (
    select * from {{ ref('int_survey_answers__linked') }}
    where is_answered
),

observations as (
    select * from {{ ref('int_kpi_observations__judged') }}
),

windows as (
    select * from {{ ref('int_kpi_windows__dated') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

observed as (
    select
        observations.kpi_number,
        windows.window_days,
        coalesce(answers.asked_touchpoint, 'none') as asked_touchpoint,
        observations.person_key,
        observations.unit_count,
        0 as immature_count,
        case when observations.numerator > 0 then 1 else 0 end as positive_count,
        case when observations.numerator < 0 then 1 else 0 end as negative_count,
        observations.numerator,
        observations.denominator
    from observations
    inner join answers on observations.unit_key = answers.answer_key
    inner join run_parameters on true
    inner join windows
        on
            windows.window_end = run_parameters.as_of_date
            and observations.observed_on <= windows.window_end
            and observations.observed_on > windows.window_end - windows.window_days
    where observations.kpi_id in ('csat', 'effort_score', 'low_effort_share', 'value_for_money', 'expectation_gap')
),

persons as (
    select
        kpi_number,
        window_days,
        asked_touchpoint,
        person_key,
        {{ kpi_person_sums() }}
    from observed
    group by all
),

summed as (
    select
        kpi_number,
        window_days,
        asked_touchpoint,
        {{ kpi_cell_sums() }}
    from persons
    group by all
),

cells as (
    select
        summed.*,
        {{ kpi_spread() }} as spread
    from summed
    inner join kpis on summed.kpi_number = kpis.kpi_number
),

measured as (
    select
        kpis.kpi_id,
        cells.window_days,
        'touchpoint' as segment_dimension,
        cells.asked_touchpoint as segment,
        cells.mature_person_count as customer_count,
        cast(cells.unit_count as bigint) as n,
        round({{ kpi_value() }}, 6) as value,
        round({{ kpi_bound(-1) }}, 6) as value_low,
        round({{ kpi_bound(1) }}, 6) as value_high,
        cells.unit_count < kpis.minimum_n as is_small_n
    from cells
    inner join kpis on cells.kpi_number = kpis.kpi_number
),

{{ suppress(
    'measured',
    cell=['kpi_id', 'window_days'],
    measures=['n', 'value', 'value_low', 'value_high', 'is_small_n']
) }},

final as (
    select
        kpi_id,
        cast(window_days as integer) as window_days,
        segment as asked_touchpoint,
        n,
        value,
        value_low,
        value_high,
        is_small_n,
        is_suppressed
    from suppressed
)

select * from final
