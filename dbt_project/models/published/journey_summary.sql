-- How many journeys there are of each type, and for each reason to begin and to end, by segment. In a segment in which
-- few people stand behind one of the values, none of them is shown: the other values would tell it.
with rules as (
    select * from {{ ref('journey_rules') }}
),

labels as (
    select
        rule_set as aspect,
        value as aspect_value,
        arg_min(label_en, precedence) as label_en,
        arg_min(label_fr, precedence) as label_fr
    from rules
    group by rule_set, value
),

clusters as (
    select * from {{ ref('int_journeys__classified') }}
),

-- a subject without such a journey adds to the denominator only
totals as (
    select
        funnel_id,
        segment_dimension,
        segment,
        sum(first_count * cluster_n) as sum_n,
        sum(cast(first_count * cluster_n * cluster_n as decimal(38, 8))) as sum_nn,
        sum(first_count) as cluster_count
    from clusters
    where aspect = 'end_reason'
    group by all
),

cells as (
    select
        funnel_id,
        aspect,
        aspect_value,
        segment_dimension,
        segment,
        sum(subject_count) as subject_count,
        sum(touchpoint_count) as touchpoint_count,
        sum(subject_count * cluster_x) as sum_x,
        sum(cast(subject_count * cluster_x * cluster_x as decimal(38, 8))) as sum_xx,
        sum(cast(subject_count * cluster_x * cluster_n as decimal(38, 8))) as sum_xn
    from clusters
    group by all
),

occurring as (
    select
        funnel_id,
        aspect,
        aspect_value
    from cells
    group by all
),

-- every value in every segment, so that all of them are hidden together
gridded as (
    select
        totals.*,
        occurring.aspect,
        occurring.aspect_value,
        labels.label_en,
        labels.label_fr,
        coalesce(cells.subject_count, 0) as subject_count,
        coalesce(cells.touchpoint_count, 0) as touchpoint_count,
        coalesce(cells.sum_x, 0) as sum_x,
        coalesce(cells.sum_xx, 0) as sum_xx,
        coalesce(cells.sum_xn, 0) as sum_xn
    from totals
    inner join occurring on totals.funnel_id = occurring.funnel_id
    inner join labels on occurring.aspect = labels.aspect and occurring.aspect_value = labels.aspect_value
    left join cells
        on
            totals.funnel_id = cells.funnel_id
            and totals.segment_dimension = cells.segment_dimension
            and totals.segment = cells.segment
            and occurring.aspect = cells.aspect
            and occurring.aspect_value = cells.aspect_value
),

{{ journey_shares('gridded') }},

{{ suppress(
    'rated',
    cell=['funnel_id', 'aspect', 'aspect_value'],
    measures=[
        'journey_total', 'journey_subject_count', 'n', 'journey_share', 'journey_share_low', 'journey_share_high',
        'touchpoint_mean', 'is_small_n'
    ]
) }}

select * from suppressed
