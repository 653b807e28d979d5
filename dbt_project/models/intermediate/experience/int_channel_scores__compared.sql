-- What the same customers said, or went through, on each channel: scores of satisfaction, effort, recommendation and
-- feeling, and whether what was closed there came back on another channel; each with its gap to the mean of that person
-- over all channels, where there are several.
with scores as (
    select * from {{ ref('int_experience_scores__collected') }}
    where channel is not null
),

repeats as (
    select * from {{ ref('int_repeat_contacts__linked') }}
),

cases as (
    select * from {{ ref('int_cases__built') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

unioned as (
    select
        'emotion_index' as kpi_id,
        score_key as unit_key,
        customer_key,
        person_key,
        scored_on as observed_on,
        channel,
        emotion as score
    from scores
    union all
    select
        case measure when 'effort' then 'effort_score' else measure end as kpi_id,
        score_key as unit_key,
        customer_key,
        person_key,
        scored_on as observed_on,
        channel,
        case
            when measure = 'csat' then cast(is_top_box as integer)
            when measure = 'effort' then effort
        end as score
    from scores
    where measure in ('csat', 'effort')
    union all
    select
        'cross_channel_repeat' as kpi_id,
        repeats.case_key as unit_key,
        repeats.customer_key,
        repeats.person_key,
        repeats.first_closed_on as observed_on,
        cases.first_closed_channel as channel,
        cast(repeats.is_repeated_elsewhere as integer) as score
    from repeats
    inner join cases on repeats.case_key = cases.case_key
    where cases.first_closed_channel is not null
),

final as (
    select
        unioned.kpi_id,
        unioned.unit_key,
        unioned.customer_key,
        unioned.person_key,
        unioned.observed_on,
        unioned.channel,
        cast(unioned.score as decimal(9, 4)) as score,
        case
            when
                min(unioned.channel) over of_person <> max(unioned.channel) over of_person
                then cast(
                    unioned.score
                    - cast(sum(cast(unioned.score as decimal(18, 4))) over of_person as double) / count(*) over of_person
                    as decimal(18, 8)
                )
        end as gap
    from unioned
    cross join run_parameters
    where
        unioned.observed_on > run_parameters.as_of_date - {{ var('experience_window_days') }}
        and unioned.observed_on <= run_parameters.as_of_date
    window of_person as (partition by unioned.kpi_id, unioned.person_key)
)

select * from final
