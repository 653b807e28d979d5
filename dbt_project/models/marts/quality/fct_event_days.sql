-- Rows per table, part and business day on which they happened, and what web tracking saw of what surely happened: what
-- tells a lost script or a silent source before any KPI can be believed.
with web_events as (
    select * from {{ ref('stg_web__events') }}
),

orders as (
    select * from {{ ref('stg_crm__orders') }}
),

survey_responses as (
    select * from {{ ref('stg_surveys__responses') }}
),

interactions as (
    select * from {{ ref('stg_crm__interactions') }}
),

tracking_days as (
    select * from {{ ref('int_tracking_days__counted') }}
),

web_days as (
    select
        {{ business_date('occurred_at') }} as event_date,
        device,
        count(*) as row_count
    from web_events
    group by all
),

happened as (
    select
        'orders' as table_name,
        {{ business_date('ordered_at') }} as event_date
    from orders
    where order_type = 'sale'
    union all
    select
        'survey_responses' as table_name,
        {{ business_date('invited_at') }} as event_date
    from survey_responses
    union all
    select
        'interactions' as table_name,
        opened_on as event_date
    from interactions
),

volumes as (
    select
        'web_events' as table_name,
        event_date,
        coalesce(device, 'all') as part,
        sum(row_count) as row_count
    from web_days
    group by grouping sets ((event_date), (event_date, device))
    union all
    select
        table_name,
        event_date,
        'all' as part,
        count(*) as row_count
    from happened
    where event_date is not null
    group by table_name, event_date
),

final as (
    select
        'volume' as measure,
        table_name,
        event_date,
        case when part = 'all' then 'all' else 'device' end as part_dimension,
        part,
        cast(row_count as bigint) as row_count,
        cast(1 as bigint) as whole_count
    from volumes
    union all
    select
        measure,
        'web_events' as table_name,
        event_date,
        part_dimension,
        part,
        cast(seen_count as bigint) as row_count,
        cast(expected_count as bigint) as whole_count
    from tracking_days
)

select * from final
