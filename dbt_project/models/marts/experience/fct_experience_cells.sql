-- The cells of the journey map, a measure each: touches, share of journeys, emotion index and its gap to the mean of the
-- whole journey, satisfaction, effort. Segments are those on the as-of date. Persons are added up per profile first.
with persons as not materialized (
    select * from {{ ref('int_experience_persons__measured') }}
),

customers as (
    select * from {{ ref('int_segment_profiles__dated') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
    where list_contains({{ var('experience_segment_dimensions') }}, segment_dimension)
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

current_profiles as (
    select
        customers.customer_key,
        customers.profile
    from customers
    cross join run_parameters
    where run_parameters.as_of_date >= customers.valid_from and run_parameters.as_of_date < customers.valid_to
),

whole as (
    select * from persons
    where stage = 'all' and touchpoint = 'all'
),

whole_journeys as (
    select
        person_key,
        journey_count
    from whole
    where journey_count is not null
),

whole_scores as (
    select
        person_key,
        emotion_x,
        emotion_n
    from whole
    where emotion_n is not null
),

joined as (
    select
        persons.*,
        coalesce(current_profiles.profile, 0) as profile,
        whole_journeys.journey_count as journey_n,
        whole_scores.emotion_x as whole_x,
        whole_scores.emotion_n as whole_n
    from persons
    left join current_profiles on persons.customer_key = current_profiles.customer_key
    left join whole_journeys on persons.person_key = whole_journeys.person_key and persons.journey_count is not null
    left join whole_scores on persons.person_key = whole_scores.person_key and persons.emotion_n is not null
),

profiled as (
    select
        profile,
        stage,
        touchpoint,
        sum(touch_count) as touch_count,
        {{ experience_person_sums() }}
    from joined
    group by all
),

cells as (
    select
        profiles.segment_dimension,
        profiles.segment,
        profiled.stage,
        profiled.touchpoint,
        {{ experience_sums_of_sums() }}
    from profiled
    inner join profiles on profiled.profile = profiles.profile
    group by all
),

waits as (
    select * from {{ ref('int_contact_waits__estimated') }}
),

of_all as (
    select * from cells
    where stage = 'all' and touchpoint = 'all'
),

{{ experience_measures() }}

select * from final
