-- Which session the events of a visitor in one stretch of time belong to (stretches are as long as the gap that ends a
-- session). A session begins where more than the gap lies between two stretches' events, across midnight too.
with events as (
    select * from {{ ref('int_web_events__touched') }}
    where anonymous_id is not null
),

buckets as (
    select
        anonymous_id,
        {{ session_bucket('occurred_at') }} as bucket,
        min(occurred_at) as first_at,
        max(occurred_at) as last_at
    from events
    group by all
),

edged as (
    select
        *,
        case
            when first_at - lag(last_at) over visitor <= interval '{{ var("session_gap_minutes") }} minutes' then null
            else first_at
        end as session_started_at,
        case
            when lead(first_at) over visitor - last_at <= interval '{{ var("session_gap_minutes") }} minutes' then null
            else last_at
        end as session_ended_at
    from buckets
    window visitor as (partition by anonymous_id order by bucket)
),

numbered as (
    select
        *,
        max(session_started_at) over (partition by anonymous_id order by bucket) as session_of
    from edged
),

final as (
    select
        anonymous_id,
        bucket,
        {{ surrogate_key(["'session'", 'anonymous_id', 'epoch_us(session_of)']) }} as session_key,
        session_started_at,
        session_ended_at
    from numbered
)

select * from final
