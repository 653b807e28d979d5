-- Experiences that were scored, good or bad, and whether the person bought within the days that followed. The score comes
-- before the outcome. Comparable are those at the same touchpoint with about as many touchpoints before it in the journey
-- and the same history. Neither good nor bad is left out, and so are those whose days are not over.
with scores as (
    select * from {{ ref('int_experience_scores__collected') }}
    where customer_key is not null
),

journeys as (
    select
        subject_key,
        started_at,
        touched_at
    from {{ ref('int_journey_touches__listed') }}
),

orders as (
    select
        customer_key,
        ordered_at
    from {{ ref('int_orders__converted') }}
    where is_sale
),

segments as (
    select * from {{ ref('int_segments__dated') }}
    where segment_dimension = 'new_returning'
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

experiences as (
    select
        scores.source_table,
        scores.experience_id,
        any_value(scores.customer_key) as customer_key,
        any_value(scores.touchpoint) as touchpoint,
        any_value(scores.stage) as stage,
        min(scores.scored_at) as scored_at,
        min(scores.scored_on) as scored_on,
        sum(scores.weight * scores.emotion) as emotion_sum,
        cast(count(*) as bigint) as score_count
    from scores
    cross join run_parameters
    group by scores.source_table, scores.experience_id, run_parameters.as_of_at
    having
        sum(scores.weight * scores.emotion) <> 0
        and min(scores.scored_at)
        + {{ days_interval(var('experience_outcome_days')) }} + {{ days_interval(var('lateness_allowance_days')) }}
        <= run_parameters.as_of_at
),

placed as (
    select
        experiences.*,
        coalesce(arg_max(
            len(list_filter(journeys.touched_at, lambda touched_at: touched_at < experiences.scored_at)),
            journeys.started_at
        ), 0) as earlier_count
    from experiences
    left join journeys
        on experiences.customer_key = journeys.subject_key and journeys.started_at <= experiences.scored_at
    group by all
),

bought as (
    select
        placed.source_table,
        placed.experience_id,
        count(*) as order_count
    from placed
    inner join orders
        on
            placed.customer_key = orders.customer_key
            and orders.ordered_at > placed.scored_at
            and orders.ordered_at <= placed.scored_at + {{ days_interval(var('experience_outcome_days')) }}
    group by all
),

final as (
    select
        placed.source_table,
        placed.experience_id,
        placed.customer_key,
        placed.touchpoint,
        placed.stage,
        placed.scored_on,
        placed.emotion_sum < 0 as is_bad,
        bought.order_count is not null as has_outcome,
        concat_ws(
            ' | ',
            placed.source_table,
            coalesce(segments.segment, 'new'),
            case
                when placed.earlier_count < 10 then 'few'
                when placed.earlier_count < 30 then 'some'
                else 'many'
            end
        ) as stratum
    from placed
    left join bought
        on placed.source_table = bought.source_table and placed.experience_id = bought.experience_id
    left join segments
        on
            placed.customer_key = segments.customer_key
            and placed.scored_on >= segments.valid_from
            and placed.scored_on < segments.valid_to
)

select * from final
