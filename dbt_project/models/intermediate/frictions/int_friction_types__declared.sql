-- Frictions and enablers as declared, read once: their events as lists, whether the tables they need were delivered, and
-- until when those tables are known. What depends on a table that was not delivered is not available.
with frictions as (
    select
        friction_type,
        'friction' as kind,
        risk_set_touchpoints,
        index_touchpoints,
        exposure_window_minutes,
        landmark,
        outcome,
        horizon_days,
        detector,
        unit,
        match_on,
        threshold,
        risk_set_friction,
        may_be_caused_by,
        excluded_channels,
        required_tables,
        unavailable_reason
    from {{ ref('friction_types') }}
),

enablers as (
    select
        enabler_type as friction_type,
        'enabler' as kind,
        risk_set_touchpoints,
        index_touchpoints,
        exposure_window_minutes,
        landmark,
        outcome,
        horizon_days,
        detector,
        unit,
        match_on,
        required_tables
    from {{ ref('enabler_types') }}
),

types as (
    select * from frictions
    union all by name
    select * from enablers
),

availability as (
    select * from {{ source('landing', 'table_availability') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

needed as (
    select
        friction_type,
        unnest(string_split(coalesce(required_tables, '') || '|orders', '|')) as table_name
    from types
),

delivered as (
    select
        needed.friction_type,
        min(availability.last_extract_date) as last_extract_date,
        string_agg(needed.table_name, ', ' order by needed.table_name) filter (
            where not coalesce(availability.is_available, false)
        ) as missing_tables
    from needed
    left join availability on needed.table_name = availability.table_name
    where needed.table_name <> ''
    group by needed.friction_type
),

final as (
    select
        types.friction_type,
        types.kind,
        types.detector,
        types.unit,
        types.match_on,
        types.threshold,
        types.risk_set_friction,
        types.outcome,
        types.landmark,
        {{ number_of(['types.unit', 'types.risk_set_touchpoints', 'types.excluded_channels']) }} as risk_set_key,
        string_split(types.risk_set_touchpoints, '|') as risk_set,
        string_split(types.index_touchpoints, '|') as indexes,
        string_split(coalesce(types.may_be_caused_by, ''), '|') as causes,
        string_split(coalesce(types.excluded_channels, ''), '|') as excluded_channels,
        {{ days_interval('types.exposure_window_minutes / 1440.0') }} as exposure_window,
        {{ days_interval('types.horizon_days') }} as horizon,
        case
            when delivered.last_extract_date < run_parameters.as_of_date
                then {{ business_midnight('delivered.last_extract_date + 1') }}
            else run_parameters.as_of_at
        end as observed_until_at,
        coalesce(
            types.unavailable_reason, 'not delivered: ' || delivered.missing_tables
        ) is null as is_available,
        coalesce(types.unavailable_reason, 'not delivered: ' || delivered.missing_tables) as unavailable_reason
    from types
    inner join delivered on types.friction_type = delivered.friction_type
    cross join run_parameters
)

select * from final
