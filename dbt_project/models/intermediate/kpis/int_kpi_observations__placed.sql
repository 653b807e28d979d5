{{ config(materialized='view') }}
-- Observations by numbers, with the profile of segments the person was in that day and the device: that of the
-- observation, else the customer's. What is not mature is counted, no more. A customer's person is the customer, and
-- nobody else is numbered like one.
with observations as (
    select * from {{ ref('int_kpi_observations__judged') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__dated') }}
),

usual_devices as (
    select * from {{ ref('int_segment_profiles__described') }}
    where segment_dimension = 'device'
),

final as (
    select
        observations.kpi_number,
        observations.arm,
        observations.observed_on,
        {{ number_of(['observations.person_key']) }} as person_number,
        coalesce(profiles.profile, 0) as profile,
        coalesce(observations.device, usual_devices.segment, 'unknown') as device,
        observations.last_answer_group,
        observations.unit_key,
        observations.observed_at,
        case when observations.interval_kind = 'quantile' then observations.numerator end as duration,
        observations.is_open,
        cast(case when observations.is_mature then observations.unit_count else 0 end as bigint) as unit_count,
        cast(case when observations.is_mature then 0 else observations.unit_count end as bigint) as immature_count,
        cast(observations.is_mature and observations.numerator > 0 as bigint) as positive_count,
        cast(observations.is_mature and observations.numerator < 0 as bigint) as negative_count,
        case when observations.is_mature then observations.numerator else 0 end as numerator,
        case when observations.is_mature then observations.denominator else 0 end as denominator
    from observations
    left join profiles
        on
            {{ number_of(['observations.person_key']) }} = profiles.customer_number
            and observations.observed_on >= profiles.valid_from
            and observations.observed_on < profiles.valid_to
    left join usual_devices on coalesce(profiles.profile, 0) = usual_devices.profile
)

select * from final
