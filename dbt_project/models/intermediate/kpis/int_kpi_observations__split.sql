-- The observations of persons who used several devices in a day, added up per device.
with placed as (
    select * from {{ ref('int_kpi_observations__placed') }}
),

observations as (
    select * from {{ ref('int_kpi_observations__judged') }}
),

mixed as (
    select
        kpi_number,
        observed_on,
        person_number,
        arm,
        profile,
        usual_device
    from placed
    where is_mixed
),

parts as (
    select
        mixed.kpi_number,
        mixed.observed_on,
        mixed.person_number,
        mixed.profile,
        coalesce(observations.device, mixed.usual_device) as device,
        mixed.arm,
        observations.is_open,
        observations.is_mature,
        sum(observations.unit_count) as all_count,
        count(*) filter (where observations.numerator > 0) as positive_count,
        count(*) filter (where observations.numerator < 0) as negative_count,
        sum(observations.numerator) as numerator,
        sum(observations.denominator) as denominator
    from observations
    inner join mixed
        on
            {{ number_of(['observations.person_key']) }} = mixed.person_number
            and observations.observed_on = mixed.observed_on
            and observations.kpi_number = mixed.kpi_number
            and observations.arm = mixed.arm
    group by all
),

final as (
    select
        * exclude (is_mature, all_count) replace (
            case when is_mature then positive_count else 0 end as positive_count,
            case when is_mature then negative_count else 0 end as negative_count,
            cast(case when is_mature then numerator else 0 end as decimal(18, 4)) as numerator,
            cast(case when is_mature then denominator else 0 end as decimal(18, 4)) as denominator
        ),
        cast(case when is_mature then all_count else 0 end as bigint) as unit_count,
        cast(case when is_mature then 0 else all_count end as bigint) as immature_count
    from parts
)

select * from final
