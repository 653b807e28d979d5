-- Which company (account) a customer buys for, and when. An account is a unit of its own: KPIs of companies count it once,
-- however many persons act for it.
with attributes as (
    select * from {{ ref('int_customer_attributes__dated') }}
),

moves as (
    select
        customer_key,
        account_id,
        valid_from
    from attributes
    qualify
        row_number() over (partition by customer_key order by valid_from) = 1
        or lag(account_id) over (partition by customer_key order by valid_from) is distinct from account_id
),

ended as (
    select
        *,
        coalesce(lead(valid_from) over (partition by customer_key order by valid_from), date '9999-12-31') as valid_to
    from moves
),

final as (
    select
        customer_key,
        {{ surrogate_key(["'account'", 'account_id']) }} as account_key,
        account_id,
        valid_from,
        valid_to
    from ended
    where account_id is not null
)

select * from final
