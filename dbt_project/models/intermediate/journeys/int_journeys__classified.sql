-- How many journeys of each type, reason to begin and reason to end a subject has in each segment, and how many in all.
with journeys as (
    select * from {{ ref('fct_journeys') }}
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
            touchpoint_count,
            journey_type,
            start_reason,
            end_reason
        from segmented
    )
    on journey_type, start_reason, end_reason into name aspect value aspect_value
),

counted as (
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
    group by all
),

final as (
    select
        *,
        sum(cluster_x) over (
            partition by {{ number_of(['funnel_id', 'aspect', 'segment_dimension', 'segment', 'subject_number']) }}
        ) as cluster_n
    from counted
)

select * from final
