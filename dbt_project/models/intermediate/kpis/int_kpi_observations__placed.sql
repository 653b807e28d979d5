-- Observations added up per person and business day, with the profile of segments the person was in that day and the
-- device: that of the visits, else the customer's; who used several has none and is marked. Answers of which only a
-- person's last counts and durations stay as they are. What is not mature is counted, no more. Grouping by numbers, few
-- and narrow, is what keeps this cheap: most observations of a company go through here.
with observations as not materialized (
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

devices as (
    select
        {{ number_of(['device']) }} as device_number,
        min(device) as device
    from observations
    group by device_number
),

added as (
    select
        {{ kpi_series('kpi_number', 'arm') }} as series_number,
        is_mature,
        observed_on,
        {{ number_of(['person_key']) }} as person_number,
        min({{ number_of(['customer_key']) }}) as customer_number,
        min({{ number_of(['device']) }}) as device_number,
        min({{ number_of(['device']) }}) <> max({{ number_of(['device']) }}) as is_mixed,
        sum(unit_count) as all_count,
        count(*) filter (where numerator > 0) as positive_count,
        count(*) filter (where numerator < 0) as negative_count,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from observations
    where last_answer_group is null and interval_kind <> 'quantile'
    group by series_number, is_mature, observed_on, person_number
),

unioned as (
    select
        * exclude (series_number),
        {{ kpi_of_series('series_number') }} as kpi_number,
        {{ arm_of_series('series_number') }} as arm,
        false as is_open
    from added
    union all by name
    select
        kpi_number,
        arm,
        observed_on,
        {{ number_of(['person_key']) }} as person_number,
        is_mature,
        {{ number_of(['customer_key']) }} as customer_number,
        {{ number_of(['device']) }} as device_number,
        false as is_mixed,
        last_answer_group,
        unit_key,
        case when last_answer_group is not null then observed_at end as observed_at,
        case when interval_kind = 'quantile' then numerator end as duration,
        is_open,
        unit_count as all_count,
        cast(numerator > 0 as bigint) as positive_count,
        cast(numerator < 0 as bigint) as negative_count,
        numerator,
        denominator
    from observations
    where last_answer_group is not null or interval_kind = 'quantile'
),

final as (
    select
        unioned.kpi_number,
        unioned.observed_on,
        unioned.person_number,
        coalesce(profiles.profile, 0) as profile,
        coalesce(device_profiles.device, 'unknown') as usual_device,
        case when not unioned.is_mixed then coalesce(devices.device, device_profiles.device, 'unknown') end as device,
        unioned.is_mixed,
        unioned.arm,
        unioned.last_answer_group,
        unioned.unit_key,
        unioned.observed_at,
        unioned.duration,
        unioned.is_open,
        cast(case when unioned.is_mature then unioned.all_count else 0 end as bigint) as unit_count,
        cast(case when unioned.is_mature then 0 else unioned.all_count end as bigint) as immature_count,
        case when unioned.is_mature then unioned.positive_count else 0 end as positive_count,
        case when unioned.is_mature then unioned.negative_count else 0 end as negative_count,
        cast(case when unioned.is_mature then unioned.numerator else 0 end as decimal(18, 4)) as numerator,
        cast(case when unioned.is_mature then unioned.denominator else 0 end as decimal(18, 4)) as denominator
    from unioned
    left join profiles
        on
            unioned.customer_number = profiles.customer_number
            and unioned.observed_on >= profiles.valid_from
            and unioned.observed_on < profiles.valid_to
    left join device_profiles on coalesce(profiles.profile, 0) = device_profiles.profile
    left join devices on unioned.device_number = devices.device_number
)

select * from final
