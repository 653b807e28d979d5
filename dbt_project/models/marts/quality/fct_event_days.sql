-- Rows per table, part and business day on which they happened, and the online orders that web tracking saw: what tells a
-- lost script or a silent source before any KPI can be believed.
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

web_days as (
    select
        {{ business_date('occurred_at') }} as event_date,
        device,
        count(*) as row_count
    from web_events
    group by all
),

sales as (
    select
        {{ business_date('orders.ordered_at') }} as event_date,
        orders.order_id,
        orders.sales_channel
    from orders
    where orders.order_type = 'sale'
),

seen_orders as (
    select order_id
    from web_events
    where order_id is not null
    group by order_id
),

tracked as (
    select
        sales.event_date,
        count(seen_orders.order_id) as row_count,
        count(*) as whole_count
    from sales
    left join seen_orders on sales.order_id = seen_orders.order_id
    where sales.sales_channel = 'web'
    group by sales.event_date
),

happened as (
    select
        'orders' as table_name,
        event_date
    from sales
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
        'tracking' as measure,
        'web_events' as table_name,
        event_date,
        'all' as part_dimension,
        'all' as part,
        cast(row_count as bigint) as row_count,
        cast(whole_count as bigint) as whole_count
    from tracked
)

select * from final
