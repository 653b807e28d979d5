-- What the shifted-beta-geometric is fitted on: per plan, and for all contracts, how many came to each renewal and how
-- many were lost.
with renewals as (
    select * from {{ ref('int_contract_renewals__judged') }}
),

grouped as (
    select
        plan as fit_group,
        period,
        is_renewed
    from renewals
    union all
    select
        'all' as fit_group,
        period,
        is_renewed
    from renewals
),

final as (
    select
        fit_group,
        period,
        count(*) as opportunity_count,
        count(*) filter (where not is_renewed) as loss_count
    from grouped
    group by fit_group, period
)

select * from final
