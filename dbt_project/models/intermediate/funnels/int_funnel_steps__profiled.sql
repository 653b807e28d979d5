-- Entries at the steps they reached, as they are counted: of whom, and by the profile of segments the person was in on
-- the day the entry began. Persons, subjects and places are numbers here; whom nobody knows stands for the subject alone.
with steps as (
    select * from {{ ref('fct_funnel_steps') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__dated') }}
),

places as (
    select * from {{ ref('int_funnel_places__numbered') }}
),

final as (
    select
        steps.funnel_id,
        steps.entry_step,
        steps.step,
        steps.entry_number,
        steps.entry_week,
        {{ number_of(['coalesce(steps.customer_key, steps.subject_key)']) }} as person_number,
        {{ number_of(['steps.subject_key']) }} as subject_number,
        coalesce(profiles.profile, 0) as profile,
        channels.place_number as channel_number,
        traffic_channels.place_number as traffic_channel_number,
        devices.place_number as device_number,
        steps.step_outcome,
        steps.seconds_to_next,
        steps.seconds_observed,
        steps.is_tie,
        steps.has_order_violation,
        steps.is_mature
    from steps
    inner join places as channels
        on channels.segment_dimension = 'channel' and coalesce(steps.channel, 'unknown') = channels.segment
    inner join places as traffic_channels
        on
            traffic_channels.segment_dimension = 'traffic_channel'
            and coalesce(steps.traffic_channel, 'unknown') = traffic_channels.segment
    inner join places as devices
        on devices.segment_dimension = 'device' and coalesce(steps.device, 'unknown') = devices.segment
    left join profiles
        on
            {{ number_of(['steps.customer_key']) }} = profiles.customer_number
            and steps.entered_on >= profiles.valid_from
            and steps.entered_on < profiles.valid_to
)

select * from final
