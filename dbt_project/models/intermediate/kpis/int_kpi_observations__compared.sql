-- Observations of mobile visits against desktop visits, summed per person and day.
with sessions as (
    select * from {{ ref('int_sessions__aggregated') }}
    where device in ('mobile', 'desktop')
),

final as (
    select
        'mobile_gap' as kpi_id,
        min(session_key) as unit_key,
        customer_key,
        customer_key as person_key,
        min(started_at) as observed_at,
        started_on as observed_on,
        device,
        case device when 'mobile' then 'treated' else 'baseline' end as arm,
        cast(count(*) filter (where order_count > 0) as decimal(18, 4)) as numerator,
        cast(count(*) as decimal(18, 4)) as denominator,
        count(*) as unit_count
    from sessions
    group by all
)

select * from final
