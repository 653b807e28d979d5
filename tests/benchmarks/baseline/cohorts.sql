-- The weeks, months and quarters customers bought in since their first purchase, in one pass over their days. Reads
-- `days` and `observed`.
create table cohorts as
with numbered as (
    select days.*, min(purchased_on) over (partition by customer_key) as first_on, last_day
    from days
    cross join observed
    where purchased_on <= last_day
),

placed as (
    select
        customer_key, first_on, value_amount, last_day,
        (date_trunc('week', purchased_on)::date - date_trunc('week', first_on)::date) // 7 as week,
        date_diff('month', first_on, purchased_on) as month
    from numbered
)

select
    customer_key, 'month' as cohort_grain, date_trunc('month', first_on)::date as cohort_start,
    first_on as first_purchase_on, month as periods_since_first_order, sum(value_amount) as value_amount
from placed
group by all
union all
select
    customer_key, 'quarter', date_trunc('quarter', first_on)::date, first_on,
    (month + (date_part('month', first_on)::int - 1) % 3) // 3, sum(value_amount)
from placed
group by all
union all
select customer_key, 'week', date_trunc('week', first_on)::date, first_on, week, sum(value_amount)
from placed
where week <= 26 and date_trunc('week', first_on)::date > date_trunc('week', last_day)::date - 7 * 26
group by all;
