-- Harm prevented: one hidden segment beside a shown whole is told by subtraction, and with it a handful of people.
with cells as (
    select
        'segment_clv' as table_name,
        concat_ws(' ', method, horizon) as cell,
        segment_dimension,
        is_suppressed
    from {{ ref('segment_clv') }}
    union all
    select
        'segment_cohorts' as table_name,
        concat_ws(' ', cohort_grain, cohort_start, periods_since_first_order) as cell,
        segment_dimension,
        is_suppressed
    from {{ ref('segment_cohorts') }}
    union all
    select
        'segment_retention' as table_name,
        concat_ws(' ', period_start, activity_window_days) as cell,
        segment_dimension,
        is_suppressed
    from {{ ref('segment_retention') }}
    union all
    select
        'segment_survival' as table_name,
        concat_ws(' ', activity_window_days, weeks_since_first_order) as cell,
        segment_dimension,
        is_suppressed
    from {{ ref('segment_survival') }}
    union all
    select
        'segment_second_purchases' as table_name,
        concat_ws(' ', period_start) as cell,
        segment_dimension,
        is_suppressed
    from {{ ref('segment_second_purchases') }}
    union all
    select
        'segment_contract_retention' as table_name,
        concat_ws(' ', renewal_number) as cell,
        segment_dimension,
        is_suppressed
    from {{ ref('segment_contract_retention') }}
    union all
    select
        'segment_clv_distribution' as table_name,
        concat_ws(' ', method, horizon, band) as cell,
        segment_dimension,
        is_suppressed
    from {{ ref('segment_clv_distribution') }}
    union all
    select
        'dim_segments' as table_name,
        'sizes' as cell,
        segment_dimension,
        is_suppressed
    from {{ ref('dim_segments') }}
),

hidden as (
    select
        table_name,
        cell,
        segment_dimension,
        count(*) filter (where is_suppressed) as hidden_count
    from cells
    group by table_name, cell, segment_dimension
)

select hidden.*
from hidden
inner join hidden as whole
    on hidden.table_name = whole.table_name and hidden.cell = whole.cell and whole.segment_dimension = 'all'
where hidden.segment_dimension <> 'all' and hidden.hidden_count = 1 and whole.hidden_count = 0
