-- The segment a customer is in, per dimension and time: valid_from counts, valid_to does not. Every customer is in exactly
-- one segment of every dimension at all times: before anything is known, in the one the dimension declares for that. A row
-- ends only when the segment changes. Visitors have rows of the dimensions of their visits only; `by_segment` knows the
-- rest.
with identifiers as (
    select * from {{ ref('int_identifiers__resolved') }}
),

dimensions as (
    select * from {{ ref('segment_dimensions') }}
    where segment_dimension <> 'all'
),

given as (
    select * from {{ ref('int_segments__given') }}
),

ranked as (
    select * from {{ ref('int_segments__ranked') }}
),

observed as (
    select * from {{ ref('int_segments__observed') }}
),

personas as (
    select * from {{ ref('int_personas__classified') }}
),

changes as (
    select * from given
    union all by name
    select * from ranked
    union all by name
    select * from observed
    union all by name
    select * from personas
),

customers as (
    select customer_key from identifiers where is_known
    union
    select customer_key from changes where segment_dimension not in ('acquisition_channel', 'device')
),

visitors as (
    select customer_key from identifiers
    except
    select customer_key from customers
),

members as (
    select
        customers.customer_key,
        dimensions.segment_dimension,
        dimensions.default_segment
    from customers
    cross join dimensions
    union all
    select
        visitors.customer_key,
        dimensions.segment_dimension,
        dimensions.default_segment
    from visitors
    inner join dimensions on dimensions.basis = 'session'
),

starts as (
    select
        members.customer_key,
        members.segment_dimension,
        members.default_segment as segment,
        date '0001-01-01' as valid_from
    from members
    left join changes
        on
            members.customer_key = changes.customer_key
            and members.segment_dimension = changes.segment_dimension
            and changes.valid_from = date '0001-01-01'
    where changes.customer_key is null
),

stays as (
    select
        customer_key,
        segment_dimension,
        segment,
        valid_from
    from changes
    union all
    select * from starts
),

moved as (
    select *
    from stays
    qualify
        lag(segment) over (partition by customer_key, segment_dimension order by valid_from) is distinct from segment
),

final as (
    select
        customer_key,
        segment_dimension,
        segment,
        valid_from,
        coalesce(
            lead(valid_from) over (partition by customer_key, segment_dimension order by valid_from),
            date '9999-12-31'
        ) as valid_to
    from moved
)

select * from final
