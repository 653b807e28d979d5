-- KPIs of whole periods (months) that marts have worked out, with their intervals, as they are there.
with columns_known as (
    select
        cast(null as varchar) as kpi_id,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        cast(null as varchar) as segment_dimension,
        cast(null as varchar) as segment,
        cast(null as bigint) as customer_count,
        cast(null as decimal(18, 4)) as numerator,
        cast(null as decimal(18, 4)) as denominator,
        cast(null as bigint) as n,
        cast(null as double) as value,
        cast(null as double) as value_low,
        cast(null as double) as value_high,
        cast(null as boolean) as is_mature
    where false
),

acquired as (
    select * from {{ ref('int_kpi_periods__acquired') }}
),

participated as (
    select * from {{ ref('int_kpi_periods__participated') }}
),

repeated as (
    select * from {{ ref('int_kpi_periods__repeated') }}
),

retained as (
    select * from {{ ref('int_kpi_periods__retained') }}
),

served as (
    select * from {{ ref('int_kpi_periods__served') }}
),

valued as (
    select * from {{ ref('int_kpi_periods__valued') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

unioned as (
    select * from columns_known
    union all by name
    select * from acquired
    union all by name
    select * from participated
    union all by name
    select * from repeated
    union all by name
    select * from retained
    union all by name
    select * from served
    union all by name
    select * from valued
),

final as (
    select unioned.*
    from unioned
    inner join kpis on unioned.kpi_id = kpis.kpi_id
    where kpis.unavailable_reason is null
)

select * from final
