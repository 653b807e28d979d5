-- Observations added up per person and business day, with the profile of segments the person was in that day and the
-- device: that of the visits, else the customer's; who used several has none and is marked. Answers of which only a
-- person's last counts and durations stay as they are. What is not mature is counted, no more.
with observations as (
    select * from {{ ref('int_kpi_observations__judged') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__dated') }}
),

device_profiles as (
    select
        profile,
        segment as device
    from {{ ref('int_segment_profiles__described') }}
    where segment_dimension = 'device'
),

added as (
    select
        kpi_number,
        observed_on,
        is_mature,
        {{ number_of(['person_key']) }} as person_number,
        min({{ number_of(['customer_key']) }}) as customer_number,
        arm,
        is_open,
        last_answer_group,
        case when last_answer_group is not null or interval_kind = 'quantile' then unit_key end as unit_key,
        case when last_answer_group is not null then observed_at end as observed_at,
        case when interval_kind = 'quantile' then numerator end as duration,
        min(device) as first_device,
        min(device) <> max(device) or count(device) between 1 and count(*) - 1 as is_mixed,
        sum(unit_count) as all_count,
        count(*) filter (where numerator > 0) as positive_count,
        count(*) filter (where numerator < 0) as negative_count,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from observations
    group by all
),

final as (
    select
        added.kpi_number,
        added.observed_on,
        added.person_number,
        coalesce(profiles.profile, 0) as profile,
        coalesce(device_profiles.device, 'unknown') as usual_device,
        case
            when not coalesce(added.is_mixed, false)
                then coalesce(added.first_device, device_profiles.device, 'unknown')
        end as device,
        coalesce(added.is_mixed, false) as is_mixed,
        added.arm,
        added.last_answer_group,
        added.unit_key,
        added.observed_at,
        added.duration,
        added.is_open,
        cast(case when added.is_mature then added.all_count else 0 end as bigint) as unit_count,
        cast(case when added.is_mature then 0 else added.all_count end as bigint) as immature_count,
        case when added.is_mature then added.positive_count else 0 end as positive_count,
        case when added.is_mature then added.negative_count else 0 end as negative_count,
        cast(case when added.is_mature then added.numerator else 0 end as decimal(18, 4)) as numerator,
        cast(case when added.is_mature then added.denominator else 0 end as decimal(18, 4)) as denominator
    from added
    left join profiles
        on
            added.customer_number = profiles.customer_number
            and added.observed_on >= profiles.valid_from
            and added.observed_on < profiles.valid_to
    left join device_profiles on coalesce(profiles.profile, 0) = device_profiles.profile
)

select * from final
