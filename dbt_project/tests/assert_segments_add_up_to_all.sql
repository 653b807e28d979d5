-- Harm prevented: a customer in two segments of a dimension, or in none, makes the segments disagree with the whole.
with dimensions as (
    select
        window_days,
        window_end,
        segment_dimension,
        sum(numerator) as net_revenue_amount,
        sum(n) as order_count
    from {{ ref('fct_kpi_windows') }}
    where kpi_id = 'net_revenue'
    group by window_days, window_end, segment_dimension
)

select dimensions.*
from dimensions
inner join dimensions as whole
    on
        dimensions.window_days = whole.window_days
        and dimensions.window_end = whole.window_end
        and whole.segment_dimension = 'all'
where
    dimensions.net_revenue_amount <> whole.net_revenue_amount
    or dimensions.order_count <> whole.order_count
