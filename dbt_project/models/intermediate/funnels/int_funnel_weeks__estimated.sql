-- What share of the entries of a young week goes on to the next step, as far as it is known: Kaplan–Meier over the time
-- since the step, its variance by Greenwood. Entries whose window is over without the next step stay at risk to its end.
{%- set cell = 'funnel_id, entry_step, step, entry_week, place_number' %}
with steps as (
    select * from {{ ref('int_funnel_steps__profiled') }}
    where step_outcome <> 'completed'
),

places as (
    select * from {{ ref('int_funnel_places__numbered') }}
),

young_weeks as (
    select
        funnel_id,
        entry_step,
        step,
        entry_week
    from {{ ref('int_funnel_weeks__counted') }}
    where segment_dimension = 'all' and sum_n < entrant_count
),

young_steps as (
    select steps.*
    from steps
    semi join young_weeks using (funnel_id, entry_step, step, entry_week)
),

ends as (
    {%- for place_number in ['0', 'channel_number', 'device_number'] %}
        select
            funnel_id,
            entry_step,
            step,
            entry_week,
            {{ place_number }} as place_number,
            seconds_observed,
            count(*) as end_count,
            count(*) filter (where step_outcome = 'converted') as event_count
        from young_steps
        group by all
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

risks as (
    select
        *,
        sum(end_count) over (partition by {{ cell }} order by seconds_observed desc) as at_risk_count
    from ends
),

-- logarithms and Greenwood terms are summed as decimals, so that the sum does not depend on its order
summed as (
    select
        {{ cell }},
        max(seconds_observed) as followed_seconds,
        sum(case
            when event_count < at_risk_count
                then cast(ln(1.0 - cast(event_count as double) / cast(at_risk_count as double)) as decimal(38, 15))
            else -1000
        end) as log_survival,
        sum(case
            when event_count < at_risk_count
                then cast(
                    cast(event_count as double)
                    / (cast(at_risk_count as double) * cast(at_risk_count - event_count as double)) as decimal(38, 15)
                )
            else 0
        end) as greenwood
    from risks
    group by {{ cell }}
),

final as (
    select
        summed.funnel_id,
        summed.entry_step,
        summed.step,
        summed.entry_week,
        places.segment_dimension,
        places.segment,
        cast(followed_seconds as double) / 86400 as provisional_days,
        round(1.0 - exp(log_survival), 6) as rate_provisional,
    {%- for side, name in [(-1, 'low'), (1, 'high')] %}
        case
            when log_survival < 0 and log_survival > -700
                then round(1.0 - exp(log_survival * exp({{ side }} * {{ z_95() }} * sqrt(greenwood) / -log_survival)), 6)
        end as rate_provisional_{{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
    from summed
    inner join places on summed.place_number = places.place_number
)

select * from final
