-- Harm prevented: one hidden destination beside shown ones is what is left of the segment they came from.
with migrations as (
    select * from {{ ref('segment_migrations') }}
),

destinations as (
    select
        month_start,
        segment_dimension,
        from_segment,
        count(*) filter (where is_suppressed) as hidden_count
    from migrations
    where from_customer_count is not null
    group by month_start, segment_dimension, from_segment
),

sources as (
    select
        month_start,
        segment_dimension,
        null as from_segment,
        count(distinct from_segment) filter (where from_customer_count is null) as hidden_count
    from migrations
    group by month_start, segment_dimension
    having count(distinct from_segment) > 1
)

select * from destinations
where hidden_count = 1
union all
select * from sources
where hidden_count = 1
