-- Entries at the steps they reached, as they are counted: of whom, and by the profile of segments the person was in on
-- the day the entry began. Persons and subjects are numbers here; whom nobody knows stands for the subject alone.
with steps as (
    select * from {{ ref('fct_funnel_steps') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__dated') }}
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
        coalesce(steps.device, 'unknown') as device,
        coalesce(steps.channel, 'unknown') as channel,
        coalesce(steps.traffic_channel, 'unknown') as traffic_channel,
        steps.step_outcome,
        steps.seconds_to_next,
        steps.seconds_observed,
        steps.is_tie,
        steps.has_order_violation,
        steps.is_mature
    from steps
    left join profiles
        on
            {{ number_of(['steps.customer_key']) }} = profiles.customer_number
            and steps.entered_on >= profiles.valid_from
            and steps.entered_on < profiles.valid_to
)

select * from final
