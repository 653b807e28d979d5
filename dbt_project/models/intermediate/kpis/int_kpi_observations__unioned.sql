{{ config(materialized='view') }}
-- Every KPI as observations: one unit counted once (or a few of a person and day together), with numerator, denominator,
-- the person behind it and its business day. Every window and segment comes from these rows.
with ordered as (
    select * from {{ ref('int_kpi_observations__ordered') }}
),

browsed as (
    select * from {{ ref('int_kpi_observations__browsed') }}
),

answered as (
    select * from {{ ref('int_kpi_observations__answered') }}
),

attended as (
    select * from {{ ref('int_kpi_observations__attended') }}
),

engaged as (
    select * from {{ ref('int_kpi_observations__engaged') }}
),

columns_known as (
    select
        cast(null as bigint) as unit_count,
        cast(null as varchar) as arm,
        cast(null as boolean) as is_open
    where false
),

final as (
    select * from columns_known
    union all by name
    select * from ordered
    union all by name
    select * from browsed
    union all by name
    select * from answered
    union all by name
    select * from attended
    union all by name
    select * from engaged
)

select * from final
