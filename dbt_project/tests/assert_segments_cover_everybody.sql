-- Harm prevented: a customer without a segment in a dimension is missing from its sum, or shown as 'unknown' who is not.
with segments as (
    select * from {{ ref('int_segments__dated') }}
),

customers as (
    select distinct customer_key from {{ ref('int_identifiers__resolved') }} where is_known
),

dimensions as (
    select segment_dimension from {{ ref('segment_dimensions') }} where segment_dimension <> 'all'
)

select
    customers.customer_key,
    dimensions.segment_dimension
from customers
cross join dimensions
left join segments
    on
        customers.customer_key = segments.customer_key
        and dimensions.segment_dimension = segments.segment_dimension
        and segments.valid_from = date '0001-01-01'
where segments.customer_key is null
