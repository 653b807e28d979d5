-- Observations of journeys whose steps came in another order than the funnel's.
with entries as (
    select * from {{ ref('int_funnel_entries__attributed') }}
    where funnel_id = 'five_stage'
),

final as (
    select
        'order_violation_rate' as kpi_id,
        entry_key as unit_key,
        customer_key,
        coalesce(customer_key, subject_key) as person_key,
        entered_at as observed_at,
        entered_on as observed_on,
        device,
        cast(cast(coalesce(has_order_violation, false) as integer) as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator
    from entries
)

select * from final
