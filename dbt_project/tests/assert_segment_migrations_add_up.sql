-- Harm prevented: a customer lost between two months, or counted twice, makes shares of migration those of nobody.
with moved as (
    select
        month_start,
        segment_dimension,
        sum(customer_count) as customer_count
    from {{ ref('fct_segment_migrations') }}
    group by month_start, segment_dimension
),

populations as (
    select
        {{ next_month('month_start') }} as month_start,
        known_customer_count
    from {{ ref('fct_segment_populations') }}
    where segment_dimension = 'all'
)

select
    moved.*,
    populations.known_customer_count
from moved
left join populations on moved.month_start = populations.month_start
where moved.customer_count is distinct from populations.known_customer_count
