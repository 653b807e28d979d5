-- What serving a customer cost per month and segment: contacts of the month at the unit cost of their channel, over the
-- customers active at its end. A channel without a unit cost is left out; contacts of strangers are costs of all.
with contacts as (
    select * from {{ ref('int_contacts__identified') }}
    where is_inbound
),

service_costs as (
    select * from {{ ref('service_costs') }}
    where unit_cost_amount is not null
),

periods as (
    select * from {{ ref('fct_retention_periods') }}
    where activity_window_days = {{ var('kpi_activity_window_days') }} and is_active_at_end
),

months as (
    select distinct
        period_start,
        is_mature
    from periods
),

rows_of_persons as (
    select
        contacts.customer_key,
        contacts.person_key,
        months.period_start,
        months.is_mature,
        service_costs.unit_cost_amount as cost_amount,
        0 as active_count
    from contacts
    inner join service_costs on contacts.channel = service_costs.channel
    inner join months on date_trunc('month', contacts.opened_on) = months.period_start
    union all
    select
        customer_key,
        customer_key as person_key,
        period_start,
        is_mature,
        0 as cost_amount,
        1 as active_count
    from periods
),

segmented as (
    {{ by_segment('rows_of_persons', 'period_start') }}
),

clusters as (
    select
        period_start,
        segment_dimension,
        segment,
        is_mature,
        person_key,
        cast(sum(cost_amount) as decimal(18, 4)) as cluster_x,
        cast(sum(active_count) as decimal(18, 4)) as cluster_n
    from segmented
    group by all
),

cells as (
    select
        period_start,
        segment_dimension,
        segment,
        is_mature,
        {{ cluster_sums() }}
    from clusters
    group by all
),

bounded as (
    select
        *,
        cast(sum_x as double) / cast(sum_n as double) as mean_cost,
        {{ ratio_half_width() }} as half_width
    from cells
    where sum_n > 0
),

final as (
    select
        'cost_to_serve' as kpi_id,
        period_start,
        cast(period_start + interval 1 month - interval 1 day as date) as period_end,
        segment_dimension,
        segment,
        cast(sum_n as bigint) as customer_count,
        cast(sum_x as decimal(18, 4)) as numerator,
        cast(sum_n as decimal(18, 4)) as denominator,
        cast(sum_n as bigint) as n,
        round(mean_cost, 4) as value,
        round(greatest(0.0, mean_cost - half_width), 4) as value_low,
        round(mean_cost + half_width, 4) as value_high,
        is_mature
    from bounded
)

select * from final
