{{ config(materialized='view') }}
-- Observations of the KPIs of conversion, engagement, loyalty and coherence,
-- beside those of orders, of every visit and of surveys.
with visited as (
    select * from {{ ref('int_kpi_observations__visited') }}
),

abandoned as (
    select * from {{ ref('int_kpi_observations__abandoned') }}
),

compared as (
    select * from {{ ref('int_kpi_observations__compared') }}
),

registered as (
    select * from {{ ref('int_kpi_observations__registered') }}
),

messaged as (
    select * from {{ ref('int_kpi_observations__messaged') }}
),

informed as (
    select * from {{ ref('int_kpi_observations__informed') }}
),

recommended as (
    select * from {{ ref('int_kpi_observations__recommended') }}
),

advocated as (
    select * from {{ ref('int_kpi_observations__advocated') }}
),

repeated as (
    select * from {{ ref('int_kpi_observations__repeated') }}
),

recovered as (
    select * from {{ ref('int_kpi_observations__recovered') }}
),

enrolled as (
    select * from {{ ref('int_kpi_observations__enrolled') }}
),

matched as (
    select * from {{ ref('int_kpi_observations__matched') }}
),

disordered as (
    select * from {{ ref('int_kpi_observations__disordered') }}
),

final as (
    select * from visited
    union all by name
    select * from abandoned
    union all by name
    select * from compared
    union all by name
    select * from registered
    union all by name
    select * from messaged
    union all by name
    select * from informed
    union all by name
    select * from recommended
    union all by name
    select * from advocated
    union all by name
    select * from repeated
    union all by name
    select * from recovered
    union all by name
    select * from enrolled
    union all by name
    select * from matched
    union all by name
    select * from disordered
)

select * from final
