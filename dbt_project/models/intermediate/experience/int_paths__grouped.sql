-- Ended paths that are alike, counted: of the same segments and device, whose subjects fall in the same group of the
-- bootstrap (by a hash of their key, so that nobody is in two). Paths count in the days in which they ended.
with journeys as (
    select * from {{ ref('int_journey_touches__listed') }}
),

customers as (
    select * from {{ ref('int_segment_profiles__dated') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
    where
        segment_dimension <> 'device'
        and list_contains({{ var('effectiveness_segment_dimensions') }}, segment_dimension)
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

described as (
    select
        profile,
        list(struct_pack(segment_dimension := segment_dimension, segment := segment) order by segment_dimension) as segments
    from profiles
    group by profile
),

ended as (
    select
        described.segments,
        coalesce(journeys.device, 'unknown') as device,
        cast('0x' || left({{ digest_of(["'bootstrap'", 'journeys.subject_key']) }}, 6) as integer)
        % {{ var('bootstrap_groups') }} as bootstrap_group,
        journeys.is_converted,
        journeys.path,
        journeys.subject_key
    from journeys
    cross join run_parameters
    left join customers
        on
            journeys.customer_key = customers.customer_key
            and journeys.started_on >= customers.valid_from
            and journeys.started_on < customers.valid_to
    inner join described on coalesce(customers.profile, 0) = described.profile
    where
        journeys.is_converted is not null
        and journeys.path_ended_on > run_parameters.as_of_date - {{ var('experience_window_days') }}
        and journeys.path_ended_on <= run_parameters.as_of_date
),

final as (
    select
        list_append(segments, struct_pack(segment_dimension := 'device', segment := device)) as segments,
        bootstrap_group,
        is_converted,
        path,
        count(*) as path_count,
        list(distinct subject_key order by subject_key) filter (where is_converted) as converted_subjects
    from ended
    group by all
)

select * from final
