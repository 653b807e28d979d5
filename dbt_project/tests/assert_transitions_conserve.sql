-- Harm prevented: a path view in which customers appear or vanish at a touchpoint shows drop-offs that never were.
with transitions as (
    select * from {{ ref('fct_touchpoint_transitions') }}
),

balances as (
    select
        scope,
        window_days,
        customer_key,
        device,
        case when to_touchpoint in ('left', 'completed') then 'start' else to_touchpoint end as touchpoint,
        transition_count as balance
    from transitions
    union all
    select
        scope,
        window_days,
        customer_key,
        device,
        from_touchpoint as touchpoint,
        -transition_count as balance
    from transitions
)

select
    scope,
    window_days,
    customer_key,
    device,
    touchpoint,
    sum(balance) as surplus
from balances
group by scope, window_days, customer_key, device, touchpoint
having sum(balance) <> 0
