-- How many customers of a segment had ever bought, or had a contract, when a month began. Whoever of them was not active
-- then could come back.
with firsts as (
    select * from {{ ref('int_customers__entered') }}
),

dimensions as (
    select * from {{ ref('segment_dimensions') }}
),

segments as (
    select * from {{ ref('int_segments__dated') }}
),

observed as (
    {{ observed_until('orders') }}
),

stays as (
    select
        dimensions.segment_dimension,
        case
            when dimensions.segment_dimension = 'all' then 'all'
            else coalesce(segments.segment, dimensions.default_segment, 'unknown')
        end as segment,
        greatest(firsts.first_on + 1, coalesce(segments.valid_from, date '0001-01-01')) as from_day,
        coalesce(segments.valid_to, date '9999-12-31') as to_day
    from firsts
    cross join dimensions
    left join segments
        on
            firsts.customer_key = segments.customer_key
            and dimensions.segment_dimension = segments.segment_dimension
            and segments.valid_to > firsts.first_on + 1
),

-- a stay counts at the month starts in it: one more from the first on, one fewer from the first after it
changes as (
    select
        segment_dimension,
        segment,
        cast(date_trunc('month', from_day + interval 1 month - interval 1 day) as date) as month_start,
        1 as change
    from stays
    where from_day < to_day
    union all
    select
        segment_dimension,
        segment,
        cast(date_trunc('month', to_day + interval 1 month - interval 1 day) as date) as month_start,
        -1 as change
    from stays
    where from_day < to_day and to_day < date '9999-12-31'
),

months as (
    {{ month_rows(
        "(select date_trunc('month', min(first_on)) from firsts)",
        "(select date_trunc('month', last_day) from observed)"
    ) }}
),

final as (
    select
        months.month_start,
        changes.segment_dimension,
        changes.segment,
        cast(sum(changes.change) as bigint) as known_customer_count
    from months
    inner join changes on months.month_start >= changes.month_start
    group by all
    having sum(changes.change) > 0
)

select * from final
