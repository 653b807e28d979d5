{{ config(materialized='view') }}
-- Observations of the KPIs of service and delivery,
-- beside those of orders, of every visit and of surveys.
with served as (
    select * from {{ ref('int_kpi_observations__served') }}
),

resolved as (
    select * from {{ ref('int_kpi_observations__resolved') }}
),

automated as (
    select * from {{ ref('int_kpi_observations__automated') }}
),

self_served as (
    select * from {{ ref('int_kpi_observations__self_served') }}
),

complained as (
    select * from {{ ref('int_kpi_observations__complained') }}
),

reviewed as (
    select * from {{ ref('int_kpi_observations__reviewed') }}
),

delivered as (
    select * from {{ ref('int_kpi_observations__delivered') }}
),

returned as (
    select * from {{ ref('int_kpi_observations__returned') }}
),

announced as (
    select * from {{ ref('int_kpi_observations__announced') }}
),

final as (
    select * from served
    union all by name
    select * from resolved
    union all by name
    select * from automated
    union all by name
    select * from self_served
    union all by name
    select * from complained
    union all by name
    select * from reviewed
    union all by name
    select * from delivered
    union all by name
    select * from returned
    union all by name
    select * from announced
)

select * from final
