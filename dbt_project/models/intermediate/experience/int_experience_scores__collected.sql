-- What customers said of their experience, on one scale of feeling from -100 to 100, each at the touchpoint it speaks of.
-- Of several touchpoints a question may speak of, it is the one met last before the answer, else the first named.
with said as (
    select * from {{ ref('int_experience_scores__unioned') }}
),

emotion_measures as (
    select * from {{ ref('emotion_measures') }}
),

places as (
    select * from {{ ref('asked_touchpoint_places') }}
),

stages as (
    select * from {{ ref('touchpoint_stages') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where touchpoint in (select places.touchpoint from places)
),

placed as (
    select
        said.score_key,
        arg_min(
            struct_pack(touchpoint := places.touchpoint, channel := touchpoints.channel),
            (touchpoints.occurred_at is null, -epoch_us(touchpoints.occurred_at), places.precedence, touchpoints.channel)
        ) as place
    from said
    inner join places on said.asked_touchpoint = places.asked_touchpoint
    left join touchpoints
        on
            said.customer_key = touchpoints.customer_key
            and places.touchpoint = touchpoints.touchpoint
            and touchpoints.occurred_at <= said.scored_at
            and touchpoints.occurred_at > said.scored_at - {{ days_interval(var('experience_recall_days')) }}
    group by said.score_key
),

final as (
    select
        said.* exclude (score_share, own_touchpoint),
        coalesce(placed.place.touchpoint, said.own_touchpoint, 'none') as touchpoint,
        placed.place.channel,
        coalesce(stages.stage, 'none') as stage,
        cast(emotion_measures.weight as decimal(9, 4)) as weight,
        cast(100.0 * case
            when said.score_share >= emotion_measures.neutral_share
                then (said.score_share - emotion_measures.neutral_share) / (1.0 - emotion_measures.neutral_share)
            else (said.score_share - emotion_measures.neutral_share) / emotion_measures.neutral_share
        end as decimal(9, 4)) as emotion
    from said
    inner join emotion_measures on said.measure = emotion_measures.measure
    left join placed on said.score_key = placed.score_key
    left join stages on coalesce(placed.place.touchpoint, said.own_touchpoint) = stages.touchpoint
)

select * from final
