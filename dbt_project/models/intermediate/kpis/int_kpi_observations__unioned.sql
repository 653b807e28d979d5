-- Every KPI as observations: one unit counted once, with numerator, denominator, the person behind it, its business
-- day and whether it can still change. Every window and segment is a sum over these rows.
with ordered as (
    select * from {{ ref('int_kpi_observations__ordered') }}
),

browsed as (
    select * from {{ ref('int_kpi_observations__browsed') }}
),

answered as (
    select * from {{ ref('int_kpi_observations__answered') }}
),

catalogue as (
    select * from {{ ref('kpi_catalogue') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

unioned as (
    select * from ordered
    union all by name
    select * from browsed
    union all by name
    select * from answered
),

final as (
    select
        unioned.kpi_id,
        unioned.unit_key,
        unioned.customer_key,
        unioned.person_key,
        unioned.observed_at,
        unioned.observed_on,
        unioned.device,
        unioned.last_answer_group,
        unioned.numerator,
        unioned.denominator,
        unioned.observed_on + catalogue.maturity_days
        + case when catalogue.maturity_days > 0 then {{ var('lateness_allowance_days') }} else 0 end
        <= run_parameters.as_of_date as is_mature
    from unioned
    inner join catalogue on unioned.kpi_id = catalogue.kpi_id
    cross join run_parameters
)

select * from final
