-- Sessions as one would write them by hand: the same rules as the models, keys as cheap as the engine has them, nothing
-- kept that is not asked for. Reads the table `touchpoints`, leaves `sessionized` and `sessions`.
create temp table buckets as
with spans as (
    select
        anonymous_id,
        epoch_us(occurred_at) // 1800000000 as bucket,
        min(occurred_at) as first_at,
        max(occurred_at) as last_at
    from touchpoints
    group by all
),

edged as (
    select
        *,
        case when first_at - lag(last_at) over visitor <= interval 30 minutes then null else first_at end as starts_at,
        case when lead(first_at) over visitor - last_at <= interval 30 minutes then null else last_at end as ends_at
    from spans
    window visitor as (partition by anonymous_id order by bucket)
)

select
    anonymous_id,
    bucket,
    hash(anonymous_id, max(starts_at) over (partition by anonymous_id order by bucket)) as session_key,
    starts_at,
    ends_at
from edged;

create table sessionized as
select
    touchpoints.*,
    buckets.session_key,
    touchpoints.occurred_at is not distinct from buckets.starts_at as is_first,
    touchpoints.occurred_at is not distinct from buckets.ends_at as is_last
from touchpoints
inner join buckets
    on
        touchpoints.anonymous_id = buckets.anonymous_id
        and epoch_us(touchpoints.occurred_at) // 1800000000 = buckets.bucket;

create table sessions as
with grouped as (
    select
        session_key,
        coalesce(min(customer_key) filter (where is_known), min(customer_key)) as customer_key,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        arg_min_null(device, touchpoint_key) filter (where is_first) as device,
        arg_min_null(traffic_channel, touchpoint_key) filter (where is_first) as traffic_channel,
        arg_min_null(referrer, touchpoint_key) filter (where is_first) as referrer,
        arg_min_null(campaign_id, touchpoint_key) filter (where is_first) as campaign_id,
        arg_min_null(page_path, touchpoint_key) filter (where is_first) as landing_page,
        arg_min_null(touchpoint, touchpoint_key) filter (where is_first) as landing_touchpoint,
        arg_max_null(page_path, touchpoint_key) filter (where is_last) as exit_page,
        arg_max_null(touchpoint, touchpoint_key) filter (where is_last) as exit_touchpoint,
        count(*) as event_count,
        count(*) filter (where is_page) as page_count,
        count(*) filter (where touchpoint in ('order', 'order_confirmation')) as order_count
    from sessionized
    group by session_key
)

select
    *,
    cast(timezone('Europe/Paris', timezone('UTC', started_at)) as date) as started_on,
    date_diff('second', started_at, ended_at) as duration_seconds,
    event_count = 1 as is_bounce
from grouped;
