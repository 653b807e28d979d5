-- What winning a customer cost: the spend of the channel over the months known, shared by the customers it won in them.
-- Empty where no cost of channel and month is known: that is not free.
with spending as (
    select * from {{ ref('stg_reference__marketing_costs') }}
),

rates as (
    select * from {{ ref('stg_reference__fx_rates') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

segments as (
    select * from {{ ref('int_segments__dated') }}
),

rate_periods as (
    {{ rate_periods('rates') }}
),

{{ monthly_acquisition_costs() }},

won as (
    select
        orders.customer_key,
        min(orders.ordered_on) as acquired_on,
        cast(date_trunc('month', min(orders.ordered_on)) as date) as month_start,
        coalesce(any_value(segments.segment), 'unknown') as acquisition_channel
    from orders
    left join segments
        on
            orders.customer_key = segments.customer_key
            and segments.segment_dimension = 'acquisition_channel'
            and orders.ordered_on >= segments.valid_from
            and orders.ordered_on < segments.valid_to
    where orders.is_sale and orders.customer_key is not null
    group by orders.customer_key
),

covered as (
    select
        won.*,
        monthly.month_start is not null as is_covered
    from won
    left join monthly
        on won.acquisition_channel = monthly.acquisition_channel and won.month_start = monthly.month_start
),

channels as (
    select
        covered.acquisition_channel,
        count(*) as customer_count,
        any_value(spent.cost_amount) as cost_amount
    from covered
    inner join (
        select
            acquisition_channel,
            sum(cost_amount) as cost_amount
        from monthly
        group by acquisition_channel
    ) as spent on covered.acquisition_channel = spent.acquisition_channel
    where covered.is_covered
    group by covered.acquisition_channel
),

final as (
    select
        covered.customer_key,
        covered.acquisition_channel,
        covered.acquired_on,
        case
            when covered.is_covered
                then cast(channels.cost_amount / channels.customer_count as decimal(18, 4))
        end as acquisition_cost_amount
    from covered
    left join channels on covered.acquisition_channel = channels.acquisition_channel
)

select * from final
