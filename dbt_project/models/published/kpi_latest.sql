-- Every KPI of the catalogue over the windows that end at the as-of date (KPIs of whole periods: over the last one),
-- beside the window before and that of a year ago; a KPI that cannot be had says why.
with windows as (
    select * from {{ ref('fct_kpi_windows') }}
),

daily as (
    select * from {{ ref('kpi_daily') }}
),

catalogue as (
    select * from {{ ref('kpi_catalogue') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

slots as (
    select * from {{ ref('int_kpi_slots__dated') }}
),

wanted as (
    select
        windows.* replace (
            {{ count_unless_sensitive(
                count_unless_concentrated(
                    'windows.customer_count', 'catalogue.interval_kind', 'catalogue.unit', 'windows.value',
                    'windows.value_high'
                ),
                'windows.kpi_id', 'catalogue.interval_kind', 'windows.numerator', 'windows.denominator'
            ) }} as customer_count
        ),
        catalogue.aggregation,
        slots.window_days as slot_days,
        case
            when windows.window_end = slots.window_end then 'latest'
            when windows.window_end = slots.previous_end then 'previous'
            else 'year_before'
        end as slot
    from windows
    inner join catalogue on windows.kpi_id = catalogue.kpi_id
    inner join slots
        on
            windows.kpi_id = slots.kpi_id
            and (windows.window_days = slots.window_days or catalogue.aggregation = 'period')
            and windows.window_end in (slots.window_end, slots.previous_end, slots.year_before_end)
),

{{ guarded_windows('wanted', 'windows', 'daily') }},

{{ suppress(
    'guarded',
    cell=['kpi_id', 'window_days', 'window_end'],
    measures=[
        'numerator', 'denominator', 'baseline_numerator', 'baseline_denominator', 'n', 'value', 'value_low',
        'value_high', 'is_mature', 'is_small_n',
    ]
) }},

{{ kpi_slots_compared('suppressed', 'slots') }},

final as (
    select
        compared.kpi_id,
        catalogue.kpi_group,
        catalogue.label_en,
        catalogue.label_fr,
        catalogue.unit,
        catalogue.direction,
        compared.* exclude (kpi_id, latest_kpi_id, contradicted_from),
        case
            when
                catalogue.kpi_group = 'satisfaction' and catalogue.kpi_id <> 'survey_response_rate'
                and catalogue.required_tables = 'survey_responses' and not compared.is_suppressed
                then response_rates.value
        end as response_rate,
        compared.value is not null or compared.is_suppressed as is_available,
        case
            when compared.value is not null or compared.is_suppressed then null
            when kpis.unavailable_reason is not null then kpis.unavailable_reason
            when compared.latest_kpi_id is null and compared.contradicted_from is not null
                then
                    'effort answers from ' || compared.contradicted_from
                    || ' on contradict satisfaction: their scale may be upside down'
            when compared.latest_kpi_id is null then 'no observation in this window'
            when compared.n = 0
                then 'nothing in this window is mature yet: it takes ' || catalogue.maturity_days || ' days'
            when catalogue.interval_kind in ('difference', 'mean_difference')
                then 'nothing to compare with in this window'
            when catalogue.interval_kind = 'quantile' then 'too many are still open to tell'
            else 'nothing to divide by in this window'
        end as unavailable_reason
    from compared
    inner join catalogue on compared.kpi_id = catalogue.kpi_id
    inner join kpis on compared.kpi_id = kpis.kpi_id
    left join compared as response_rates
        on
            response_rates.kpi_id = 'survey_response_rate'
            and compared.window_days = response_rates.window_days
            and compared.segment_dimension = response_rates.segment_dimension
            and compared.segment = response_rates.segment
)

select * from final
