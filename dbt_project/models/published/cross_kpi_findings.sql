-- Where several KPIs of one segment together say what to do: rules of which every condition holds, with the numbers that
-- made it hold. Published values are all it reads, so it tells nothing they hide. A rule that found nothing says so; one
-- that could not be evaluated says why.
with latest as (
    select * from {{ ref('kpi_latest') }}
),

catalogue as (
    select * from {{ ref('kpi_catalogue') }}
),

rules as (
    select * from {{ ref('cross_kpi_rules') }}
),

conditions as (
    select * from {{ ref('cross_kpi_conditions') }}
),

{{ cross_kpi_comparisons('latest', 'conditions', 'catalogue') }},

sizes as (
    select
        rule_id,
        count(*) as condition_count
    from conditions
    group by rule_id
),

segments as (
    select
        compared.rule_id,
        compared.segment_dimension,
        compared.segment,
        count(*) filter (where compared.is_judged) = any_value(sizes.condition_count) as is_evaluated,
        count(*) filter (where compared.is_met) = any_value(sizes.condition_count) as is_found
    from compared
    inner join sizes on compared.rule_id = sizes.rule_id
    group by compared.rule_id, compared.segment_dimension, compared.segment
),

-- why a rule has nothing to go by: its first KPI that is not there
missing as (
    select
        conditions.rule_id,
        arg_min(
            case
                when catalogue.kpi_id is null then conditions.kpi_id || ': not in the catalogue'
                else conditions.kpi_id || ': ' || coalesce(latest.unavailable_reason, 'no value in this window')
            end,
            conditions.condition_number
        ) as unevaluated_reason
    from conditions
    left join catalogue on conditions.kpi_id = catalogue.kpi_id
    left join latest
        on
            conditions.kpi_id = latest.kpi_id
            and latest.segment_dimension = 'all'
            and (conditions.window_days is null or conditions.window_days = latest.window_days)
    where not coalesce(latest.is_available, false)
    group by conditions.rule_id
),

outcomes as (
    select
        rules.rule_id,
        count(*) filter (where segments.is_evaluated) as evaluated_segment_count,
        count(*) filter (where segments.is_found) as found_segment_count,
        any_value(missing.unevaluated_reason) as missing_reason
    from rules
    left join segments on rules.rule_id = segments.rule_id
    left join missing on rules.rule_id = missing.rule_id
    group by rules.rule_id
),

{{ cross_kpi_rows('rules', 'outcomes', 'segments', 'compared') }}

select * from final
