-- The KPIs of the catalogue as the engine needs them: numbered, with the factor of their unit, the day up to which they
-- are mature and were delivered for, and, where one cannot be had, the reason.
with catalogue as (
    select * from {{ ref('kpi_catalogue') }}
),

availability as (
    select * from {{ source('landing', 'table_availability') }}
),

requirements as (
    select * from {{ ref('int_kpi_requirements__judged') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

needed_tables as (
    select
        kpi_id,
        unnest(string_split(required_tables, '|')) as table_name
    from catalogue
),

tables_known as (
    select
        needed_tables.kpi_id,
        min(availability.last_extract_date) as last_extract_date,
        string_agg(needed_tables.table_name, ', ' order by needed_tables.table_name)
        filter (where not coalesce(availability.is_available, false)) as missing
    from needed_tables
    left join availability on needed_tables.table_name = availability.table_name
    group by needed_tables.kpi_id
),

needed_columns as (
    select
        kpi_id,
        unnest(string_split(required_columns, '|')) as required_column
    from catalogue
    where required_columns is not null
),

columns_known as (
    select
        needed_columns.kpi_id,
        string_agg(needed_columns.required_column, ', ' order by needed_columns.required_column)
        filter (where not coalesce(requirements.is_filled, false)) as missing
    from needed_columns
    left join requirements on needed_columns.required_column = requirements.required_column
    group by needed_columns.kpi_id
),

final as (
    select
        catalogue.kpi_id,
        cast(row_number() over (order by catalogue.kpi_id) as smallint) as kpi_number,
        catalogue.unit,
        catalogue.interval_kind,
        catalogue.aggregation,
        catalogue.quantile,
        catalogue.required_tables,
        catalogue.minimum_n,
        catalogue.maturity_days,
        case
            when catalogue.interval_kind in ('nps', 'difference') or catalogue.unit = 'per_100' then 100.0 else 1.0
        end as value_factor,
        least(run_parameters.as_of_date, tables_known.last_extract_date) as last_day,
        run_parameters.as_of_date - catalogue.maturity_days
        - case when catalogue.maturity_days > 0 then {{ var('lateness_allowance_days') }} else 0 end as mature_until,
        case
            when tables_known.missing is not null then 'no accepted extract of ' || tables_known.missing
            when columns_known.missing is not null then 'nothing was delivered in ' || columns_known.missing
        end as unavailable_reason
    from catalogue
    cross join run_parameters
    left join tables_known on catalogue.kpi_id = tables_known.kpi_id
    left join columns_known on catalogue.kpi_id = columns_known.kpi_id
)

select * from final
