-- KPIs of business customers with companies, not persons, as what varies: the values of segment B2B in kpi_latest, with
-- intervals over accounts. Of scores of three values (NPS) the mean is clustered like any other. What kpi_latest hides of
-- the segment is hidden here too: the value would tell what is left for the small segments beside it.
with summed as (
    select * from {{ ref('int_kpi_accounts__summed') }}
),

latest as (
    select * from {{ ref('kpi_latest') }}
    where segment_dimension = 'customer_type' and segment = '{{ var("account_customer_type") }}'
),

catalogue as (
    select * from {{ ref('kpi_catalogue') }}
),

kpis as (
    select * replace (case interval_kind when 'nps' then 'mean' else interval_kind end as interval_kind)
    from {{ ref('int_kpis__judged') }}
),

cells as (
    select
        summed.*,
        {{ kpi_spread() }} as spread
    from summed
    inner join kpis on summed.kpi_number = kpis.kpi_number
),

measured as (
    select
        kpis.kpi_id,
        cells.window_days,
        cells.window_end,
        'customer_type' as segment_dimension,
        '{{ var("account_customer_type") }}' as segment,
        -- hidden there, hidden here
        case when coalesce(latest.is_suppressed, true) then 0 else cells.person_count end as customer_count,
        cast(cells.person_count as bigint) as account_count,
        cast(cells.unit_count as bigint) as n,
        round({{ kpi_value() }}, 6) as value,
        round({{ kpi_bound(-1) }}, 6) as value_low,
        round({{ kpi_bound(1) }}, 6) as value_high,
        cells.person_count < kpis.minimum_n as is_small_n
    from cells
    inner join kpis on cells.kpi_number = kpis.kpi_number
    left join latest on kpis.kpi_id = latest.kpi_id and cells.window_days = latest.window_days
),

{{ suppress(
    'measured',
    cell=['kpi_id', 'window_days'],
    measures=['account_count', 'n', 'value', 'value_low', 'value_high', 'is_small_n']
) }},

final as (
    select
        suppressed.kpi_id,
        catalogue.label_en,
        catalogue.label_fr,
        catalogue.unit,
        catalogue.direction,
        cast(suppressed.window_days as integer) as window_days,
        cast(suppressed.window_end as date) as window_end,
        suppressed.account_count,
        suppressed.n,
        suppressed.value,
        suppressed.value_low,
        suppressed.value_high,
        suppressed.is_small_n,
        suppressed.is_suppressed
    from suppressed
    inner join catalogue on suppressed.kpi_id = catalogue.kpi_id
)

select * from final
