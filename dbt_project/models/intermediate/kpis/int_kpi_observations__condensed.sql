{{ config(materialized='view') }}
-- Observations added up per person and business day. Who used several devices in a day has a row for each, which counts in
-- the dimension device only, and one for all others.
with placed as (
    select * from {{ ref('int_kpi_observations__placed') }}
),

split as (
    select * from {{ ref('int_kpi_observations__split') }}
),

final as (
    select
        * exclude (is_mixed, usual_device),
        case when is_mixed then 'others' else 'all' end as counts_in
    from placed
    union all by name
    select
        *,
        'device' as counts_in
    from split
)

select * from final
