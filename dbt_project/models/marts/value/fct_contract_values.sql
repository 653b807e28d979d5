-- What the contracts in force will bring over each horizon: month by month the probability that the renewals up to then
-- are made (shifted-beta-geometric: renewal j is made with (β + j − 1) / (α + β + j − 1)), discounted to mid-month.
with contracts as (
    select * from {{ ref('int_contracts__chained') }}
),

fits as (
    select * from {{ source('analysis', 'clv_contract_fits') }}
    where is_chosen
),

observed as (
    {{ observed_until('contracts') }}
),

parameters as (
    select
        fit_group,
        max(estimate) filter (where parameter = 'alpha') as alpha,
        max(estimate) filter (where parameter = 'beta') as beta,
        coalesce(bool_or(status = 'parent'), false) as is_parent
    from fits
    group by fit_group
),

in_force as (
    select
        contracts.*,
        observed.last_day,
        coalesce(own.alpha, parent.alpha) as alpha,
        coalesce(own.beta, parent.beta) as beta,
        own.alpha is null or own.is_parent as is_parent,
        coalesce(contracts.ends_on + 1 - contracts.starts_on, 365.25) as term_days,
        -- the next renewal, and which one of the chain it is
        coalesce(
            contracts.ends_on + 1,
            cast(contracts.starts_on + to_years(cast(
                date_sub('year', contracts.starts_on, observed.last_day) + 1 as integer
            )) as date)
        ) as next_renewal_on,
        contracts.place
        + case when contracts.ends_on is null then date_sub('year', contracts.starts_on, observed.last_day) else 0 end
            as next_renewal
    from contracts
    cross join observed
    left join parameters as own on contracts.plan = own.fit_group
    left join parameters as parent on parent.fit_group = 'all'
    where
        contracts.starts_on <= observed.last_day
        and coalesce(contracts.ends_on, date '9999-12-31') >= observed.last_day
        and contracts.cancelled_on is null
),

months as (
    select
        *,
        greatest(0, ceil((last_day - next_renewal_on + (month - 0.5) * 30.4375) / term_days)) as renewals
    from in_force
    cross join unnest(range(1, 1 + list_max({{ var('clv_horizons_months') }}))) as months (month)
),

monthly as (
    select
        contract_id,
        customer_key,
        month,
        is_parent,
        cast(
            cast(annual_amount as double) / 12
            * exp(
                lgamma(beta + next_renewal - 1 + renewals) - lgamma(beta + next_renewal - 1)
                + lgamma(alpha + beta + next_renewal - 1) - lgamma(alpha + beta + next_renewal - 1 + renewals)
            )
            / power(1 + {{ var('clv_annual_discount_rate') }}, (month - 0.5) / 12)
            as decimal(28, 10)
        ) as expected_amount
    from months
),

final as (
    select
        monthly.contract_id,
        any_value(monthly.customer_key) as customer_key,
        cast(horizons.horizon_months as integer) as horizon_months,
        bool_or(monthly.is_parent) as is_parent,
        cast(sum(monthly.expected_amount) as decimal(18, 4)) as expected_amount
    from monthly
    inner join unnest({{ var('clv_horizons_months') }}) as horizons (horizon_months)
        on monthly.month <= horizons.horizon_months
    group by monthly.contract_id, horizons.horizon_months
)

select * from final
