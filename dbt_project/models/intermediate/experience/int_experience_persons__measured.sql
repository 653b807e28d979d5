-- What each person adds to the journey map: of every touchpoint, every stage (`all` touchpoints) and the whole journey
-- (`all` stages), how often it was met, in how many journeys, and what was said of it. Of the journeys begun and the
-- scores given in the window that ends at the as-of date.
with journeys as (
    select * from {{ ref('int_journey_touches__listed') }}
),

scores as (
    select * from {{ ref('int_experience_scores__collected') }}
),

registry as (
    {{ numbered_touchpoints() }}
),

stages as (
    select * from {{ ref('touchpoint_stages') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

begun as (
    select journeys.* from journeys
    cross join run_parameters
    where journeys.started_on > run_parameters.as_of_date - {{ var('experience_window_days') }}
),

met as (
    select
        touched.journey_key,
        touched.customer_key,
        coalesce(stages.stage, 'none') as stage,
        registry.touchpoint,
        touched.touch_count
    from (
        select
            journey_key,
            any_value(customer_key) as customer_key,
            touchpoint_number,
            count(*) as touch_count
        from (
            select
                journey_key,
                customer_key,
                unnest(touches) as touchpoint_number
            from begun
        )
        group by journey_key, touchpoint_number
    ) as touched
    inner join registry using (touchpoint_number)
    left join stages using (touchpoint)
),

in_journeys as (
    select
        customer_key,
        stage,
        touchpoint,
        sum(touch_count) as touch_count,
        count(*) as journey_count
    from met
    group by all
    union all
    select
        customer_key,
        stage,
        'all' as touchpoint,
        sum(touch_count) as touch_count,
        count(distinct journey_key) as journey_count
    from met
    group by all
    union all
    select
        customer_key,
        'all' as stage,
        'all' as touchpoint,
        sum(len(touches)) as touch_count,
        count(*) as journey_count
    from begun
    group by all
),

told as (
    select
        scores.person_key,
        any_value(scores.customer_key) as customer_key,
        coalesce(scores.stage, 'all') as stage,
        coalesce(scores.touchpoint, 'all') as touchpoint,
        count(*) as emotion_count,
        sum(scores.weight * scores.emotion) as emotion_x,
        sum(scores.weight) as emotion_n,
        count(*) filter (where scores.measure = 'csat') as csat_count,
        count(*) filter (where scores.measure = 'csat' and scores.is_top_box) as csat_x,
        count(*) filter (where scores.measure = 'effort') as effort_count,
        sum(scores.effort) filter (where scores.measure = 'effort') as effort_x
    from scores
    cross join run_parameters
    where scores.scored_on between run_parameters.as_of_date - {{ var('experience_window_days') - 1 }} and run_parameters.as_of_date
    group by scores.person_key, grouping sets ((scores.stage, scores.touchpoint), (scores.stage), ())
),

final as (
    select
        'journeys' as source,
        customer_key as person_key,
        *
    from in_journeys
    union all by name
    select
        'scores' as source,
        *
    from told
    where stage <> 'none' or touchpoint <> 'all'
)

select * from final
