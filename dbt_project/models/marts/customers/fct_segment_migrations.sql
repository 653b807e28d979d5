-- How many customers went from which segment to which between two month starts; who stayed is counted too. Counted are
-- those who were customers at the first of the two, so that the rows of a month and dimension add up to them.
with dimensions as (
    select * from {{ ref('segment_dimensions') }}
    -- nobody leaves the channel or device of the acquisition
    where basis in ('given', 'month_start')
),

populations as (
    select populations.*
    from {{ ref('fct_segment_populations') }} as populations
    inner join dimensions on populations.segment_dimension = dimensions.segment_dimension
),

segments as (
    select segments.*
    from {{ ref('int_segments__dated') }} as segments
    inner join dimensions on segments.segment_dimension = dimensions.segment_dimension
),

firsts as (
    select * from {{ ref('int_customers__entered') }}
),

-- months in which a customer's segment may have changed; all others are stays
candidates as (
    select distinct
        segments.customer_key,
        segments.segment_dimension,
        cast(date_trunc('month', segments.valid_from + interval 1 month - interval 1 day) as date) as month_start
    from segments
    inner join firsts on segments.customer_key = firsts.customer_key
    where segments.valid_from > firsts.first_on
),

moves as (
    select
        candidates.month_start,
        candidates.segment_dimension,
        earlier.segment as from_segment,
        later.segment as to_segment,
        count(*) as customer_count
    from candidates
    inner join firsts
        on
            candidates.customer_key = firsts.customer_key
            and firsts.first_on < candidates.month_start - interval 1 month
    inner join segments as earlier
        on
            candidates.customer_key = earlier.customer_key
            and candidates.segment_dimension = earlier.segment_dimension
            and candidates.month_start - interval 1 month >= earlier.valid_from
            and candidates.month_start - interval 1 month < earlier.valid_to
    inner join segments as later
        on
            candidates.customer_key = later.customer_key
            and candidates.segment_dimension = later.segment_dimension
            and candidates.month_start >= later.valid_from
            and candidates.month_start < later.valid_to
    where earlier.segment <> later.segment
    group by all
),

-- the last month start known has nobody who could have moved on yet
starts as (
    select
        {{ next_month('month_start') }} as month_start,
        segment_dimension,
        segment as from_segment,
        known_customer_count as from_customer_count
    from populations
    where {{ next_month('month_start') }} <= (select max(month_start) from populations)
),

stays as (
    select
        starts.month_start,
        starts.segment_dimension,
        starts.from_segment,
        starts.from_segment as to_segment,
        starts.from_customer_count - coalesce(sum(moves.customer_count), 0) as customer_count
    from starts
    left join moves using (month_start, segment_dimension, from_segment)
    group by starts.month_start, starts.segment_dimension, starts.from_segment, starts.from_customer_count
),

unioned as (
    select * from moves
    union all
    select * from stays
    where customer_count <> 0
),

final as (
    select
        unioned.month_start,
        unioned.segment_dimension,
        unioned.from_segment,
        unioned.to_segment,
        cast(unioned.customer_count as bigint) as customer_count,
        cast(starts.from_customer_count as bigint) as from_customer_count
    from unioned
    inner join starts using (month_start, segment_dimension, from_segment)
)

select * from final
