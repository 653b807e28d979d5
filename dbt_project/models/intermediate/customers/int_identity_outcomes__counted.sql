-- How often each outcome of identity occurred, of how many, with the share and its interval, clustered by customer.
with outcomes as (
    select * from {{ ref('int_identity_outcomes__observed') }}
),

counted as (
    select
        measure,
        kind,
        outcome,
        cluster_number,
        count(*) as cluster_x
    from outcomes
    group by all
),

totals as (
    select
        measure,
        kind,
        cluster_number,
        sum(cluster_x) as cluster_n
    from counted
    group by all
),

cells as (
    select
        measure,
        kind,
        sum(cluster_n) as sum_n,
        sum(cluster_n * cluster_n) as sum_nn,
        count(*) as cluster_count
    from totals
    group by all
),

sums as (
    select
        counted.measure,
        counted.kind,
        counted.outcome,
        sum(counted.cluster_x) as sum_x,
        sum(counted.cluster_x * counted.cluster_x) as sum_xx,
        sum(counted.cluster_x * totals.cluster_n) as sum_xn,
        count(*) as customer_count
    from counted
    inner join totals
        on
            counted.measure = totals.measure
            and counted.kind = totals.kind
            and counted.cluster_number = totals.cluster_number
    group by all
),

final as (
    select
        sums.measure,
        sums.kind,
        'outcome' as segment_dimension,
        sums.outcome as segment,
        cast(sums.customer_count as bigint) as customer_count,
        cast(sums.sum_x as bigint) as identity_count,
        cast(cells.sum_n as bigint) as n,
        round(cast(sums.sum_x as double) / cast(cells.sum_n as double), 6) as share,
        {{ wilson('sum_x', 'sum_n', design_effect(), -1) }} as share_low,
        {{ wilson('sum_x', 'sum_n', design_effect(), 1) }} as share_high
    from sums
    inner join cells on sums.measure = cells.measure and sums.kind = cells.kind
)

select * from final
