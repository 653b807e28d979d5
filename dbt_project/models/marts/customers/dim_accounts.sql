-- The companies that customers buy for, with who acts for them today and what was bought for them.
with accounts as (
    select * from {{ ref('int_accounts__dated') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

members as (
    select
        accounts.account_key,
        accounts.account_id,
        count(*) filter (
            where run_parameters.as_of_date >= accounts.valid_from and run_parameters.as_of_date < accounts.valid_to
        ) as member_count
    from accounts
    cross join run_parameters
    group by accounts.account_key, accounts.account_id
),

purchases as (
    select
        accounts.account_key,
        min(orders.ordered_on) filter (where orders.is_purchase) as first_purchase_on,
        max(orders.ordered_on) filter (where orders.is_purchase) as last_purchase_on,
        count(distinct orders.ordered_on) filter (where orders.is_purchase) as purchase_day_count,
        cast(sum(orders.net_amount) as decimal(18, 4)) as net_revenue_amount
    from orders
    inner join accounts
        on
            orders.customer_key = accounts.customer_key
            and orders.ordered_on >= accounts.valid_from
            and orders.ordered_on < accounts.valid_to
    group by accounts.account_key
),

final as (
    select
        members.account_key,
        members.account_id,
        members.member_count,
        purchases.first_purchase_on,
        purchases.last_purchase_on,
        coalesce(purchases.purchase_day_count, 0) as purchase_day_count,
        cast(coalesce(purchases.net_revenue_amount, 0) as decimal(18, 4)) as net_revenue_amount
    from members
    left join purchases on members.account_key = purchases.account_key
)

select * from final
