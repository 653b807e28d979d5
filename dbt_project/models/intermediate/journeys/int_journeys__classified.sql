-- How many subjects have how many journeys of each type, reason to begin and reason to end, and how many in all, by
-- segment. Most have one journey of a funnel, and are counted as they are; those of the others are added up first.
with journeys as (
    select
        *,
        count(*) over (partition by funnel_id, subject_key) as own_count
    from {{ ref('fct_journeys') }}
),

segmented as (
    {{ by_segment('journeys', 'started_on', device='device') }}
    where list_contains({{ var('journey_segment_dimensions') }}, dimensions.segment_dimension)
),

told as (
    unpivot (
        select
            funnel_id,
            segment_dimension,
            segment,
            {{ number_of(['subject_key']) }} as subject_number,
            own_count = 1 as is_only,
            touchpoint_count,
            journey_type,
            start_reason,
            end_reason
        from segmented
    )
    on journey_type, start_reason, end_reason into name aspect value aspect_value
),

several as (
    select
        funnel_id,
        aspect,
        aspect_value,
        segment_dimension,
        segment,
        subject_number,
        count(*) as cluster_x,
        sum(touchpoint_count) as touchpoint_count
    from told
    where not is_only
    group by all
),

compared as (
    select
        *,
        cast(sum(cluster_x) over subjects as bigint) as cluster_n,
        row_number() over (subjects order by aspect_value) = 1 as is_first
    from several
    window subjects as (partition by funnel_id, aspect, segment_dimension, segment, subject_number)
),

subjects as (
    select
        funnel_id,
        aspect,
        aspect_value,
        segment_dimension,
        segment,
        1 as cluster_x,
        1 as cluster_n,
        count(*) as subject_count,
        count(*) as first_count,
        sum(touchpoint_count) as touchpoint_count
    from told
    where is_only
    group by all
    union all
    select
        funnel_id,
        aspect,
        aspect_value,
        segment_dimension,
        segment,
        cluster_x,
        cluster_n,
        count(*) as subject_count,
        count(*) filter (where is_first) as first_count,
        sum(touchpoint_count) as touchpoint_count
    from compared
    group by all
),

-- of several journeys, one alone may be of a segment
final as (
    select
        funnel_id,
        aspect,
        aspect_value,
        segment_dimension,
        segment,
        cluster_x,
        cluster_n,
        sum(subject_count) as subject_count,
        sum(first_count) as first_count,
        sum(touchpoint_count) as touchpoint_count
    from subjects
    group by all
)

select * from final
