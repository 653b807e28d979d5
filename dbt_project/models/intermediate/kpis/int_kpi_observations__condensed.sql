-- Observations added up per person, business day and device, so that windows and segments sum far fewer rows. Answers of
-- which only a person's last counts stay as they are.
with observations as (
    select * from {{ ref('int_kpi_observations__unioned') }}
),

final as (
    select
        kpi_id,
        observed_on,
        customer_key,
        person_key,
        device,
        is_mature,
        last_answer_group,
        case when last_answer_group is not null then unit_key end as unit_key,
        max(observed_at) as observed_at,
        count(*) as unit_count,
        count(*) filter (where numerator > 0) as positive_count,
        count(*) filter (where numerator < 0) as negative_count,
        cast(sum(numerator) as decimal(18, 4)) as numerator,
        cast(sum(denominator) as decimal(18, 4)) as denominator
    from observations
    group by all
)

select * from final
