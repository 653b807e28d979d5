-- Harm prevented: a customer in two segments of one dimension on one day is counted twice; a gap, in none.
select
    *,
    lead(valid_from) over validity as next_valid_from
from {{ ref('int_segments__dated') }}
window validity as (partition by customer_key, segment_dimension order by valid_from, valid_to)
qualify
    valid_from >= valid_to
    or coalesce(next_valid_from, date '9999-12-31') <> valid_to
