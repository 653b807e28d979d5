-- Observations of the KPIs of public reviews and of detractors: how good they are, whether and when they are answered.
with reviews as (
    select * from {{ ref('int_reviews__identified') }}
    where rating is not null
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

bad_reviews as (
    select
        reviews.*,
        {{ seconds_between(
            'reviews.published_at', 'coalesce(reviews.replied_at, run_parameters.as_of_at)'
        ) }} / 86400.0 as answer_days
    from reviews
    cross join run_parameters
    where reviews.rating <= {{ var('bad_review_rating') }}
),

unioned as (
    select
        'review_rating' as kpi_id,
        review_key,
        customer_key,
        person_key,
        published_at,
        rating as numerator
    from reviews
    union all by name
    select
        'negative_reviews_answered' as kpi_id,
        review_key,
        customer_key,
        person_key,
        published_at,
        cast(
            coalesce(replied_at <= published_at + interval '{{ var("review_answer_days") }} days', false) as integer
        ) as numerator
    from bad_reviews
    union all by name
    select
        'review_answer_time' as kpi_id,
        review_key,
        customer_key,
        person_key,
        published_at,
        answer_days as numerator,
        replied_at is null as is_open
    from bad_reviews
),

final as (
    select
        kpi_id,
        review_key as unit_key,
        customer_key,
        person_key,
        published_at as observed_at,
        {{ business_date('published_at') }} as observed_on,
        cast(numerator as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        coalesce(is_open, false) as is_open
    from unioned
)

select * from final
