-- Every renewal opportunity that has passed: the end of a fixed contract, and each anniversary of an open-ended one.
-- Renewed = a contract names it, or an open-ended one goes on. What was cancelled early is lost at its next opportunity.
with contracts as (
    select * from {{ ref('int_contracts__chained') }}
),

observed as (
    {{ observed_until('contracts') }}
),

renewals as (
    select
        renews_contract_id as contract_id,
        cast(sum(annual_amount) as decimal(18, 4)) as annual_amount
    from contracts
    where renews_contract_id is not null
    group by renews_contract_id
),

fixed as (
    select
        contracts.contract_id,
        contracts.place as period,
        contracts.ends_on + 1 as decided_on,
        renewals.contract_id is not null as is_renewed,
        renewals.annual_amount as renewed_annual_amount
    from contracts
    left join renewals on contracts.contract_id = renewals.contract_id
    where contracts.ends_on is not null
),

years as (
    select cast(number as integer) as number from unnest(range(1, 61)) as years (number)
),

open_ended as (
    select
        contracts.contract_id,
        contracts.place + years.number - 1 as period,
        cast(contracts.starts_on + to_years(years.number) as date) as decided_on,
        contracts.cancelled_on is null
        or contracts.cancelled_on > cast(contracts.starts_on + to_years(years.number) as date)
        or renewals.contract_id is not null as is_renewed,
        case
            when contracts.cancelled_on <= cast(contracts.starts_on + to_years(years.number) as date)
                then renewals.annual_amount
            else contracts.annual_amount
        end as renewed_annual_amount
    from contracts
    left join renewals on contracts.contract_id = renewals.contract_id
    inner join years
        on
            coalesce(contracts.cancelled_on, date '9999-12-31')
            > cast(contracts.starts_on + to_years(years.number - 1) as date)
    where contracts.ends_on is null
),

opportunities as (
    select * from fixed
    union all
    select * from open_ended
),

final as (
    select
        opportunities.contract_id,
        contracts.first_contract_id,
        contracts.customer_key,
        contracts.plan,
        cast(opportunities.period as integer) as period,
        cast(opportunities.decided_on as date) as decided_on,
        opportunities.is_renewed,
        contracts.annual_amount,
        case
            when opportunities.is_renewed then coalesce(opportunities.renewed_annual_amount, 0) else 0
        end as renewed_annual_amount
    from opportunities
    inner join contracts on opportunities.contract_id = contracts.contract_id
    cross join observed
    where opportunities.decided_on + {{ var('lateness_allowance_days') }} <= observed.last_day + 1
)

select * from final
