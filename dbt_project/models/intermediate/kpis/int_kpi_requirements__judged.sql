-- Whether the columns the catalogue requires hold anything in what was delivered. A column that is empty throughout
-- makes a KPI not available, never zero.
with responses as (
    select * from {{ ref('stg_surveys__responses') }}
),

counted as (
    select * from {{ ref('int_kpi_requirements__counted') }}
),

final as (
    select
        'survey_responses.touchpoint' as required_column,
        count(asked_touchpoint) > 0 as is_filled
    from responses
    union all by name
    select * from counted
)

select * from final
