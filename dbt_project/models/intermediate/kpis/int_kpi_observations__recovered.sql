-- Observations of problems put right: detractors asked again, and orders whose customer had a problem solved well against
-- orders without one. Solved well = closed, not taken up again, not handed up. Both look at the same days after the order:
-- the problem in the first stretch, another purchase in the second.
with answers as (
    select * from {{ ref('int_survey_answers__linked') }}
    where measure = 'nps' and is_answered and is_linked
),

orders as (
    select * from {{ ref('int_orders__converted') }}
    where is_purchase and customer_key is not null
),

cases as (
    select * from {{ ref('int_cases__built') }}
    where customer_key is not null and not is_automatic
),

closings as (
    select * from {{ ref('int_repeat_contacts__linked') }}
),

consecutive as (
    select
        *,
        lag(is_detractor) over (
            partition by customer_key, survey_id order by answered_at, answer_key
        ) as was_detractor
    from answers
),

problems as (
    select
        orders.order_key,
        bool_and(
            coalesce(not closings.is_repeated, false)
            and cases.closed_at is not null
            and coalesce(cases.highest_tier, 1) = 1
        ) as is_well_resolved
    from orders
    inner join cases on orders.customer_key = cases.customer_key
    left join closings on cases.case_key = closings.case_key
    where
        cases.opened_at >= orders.ordered_at
        and cases.opened_at < orders.ordered_at + interval '{{ var("problem_days") }} days'
    group by orders.order_key
),

kept as (
    select distinct orders.order_key
    from orders
    inner join orders as later_orders on orders.customer_key = later_orders.customer_key
    where
        later_orders.ordered_at >= orders.ordered_at + interval '{{ var("problem_days") }} days'
        and later_orders.ordered_at < orders.ordered_at
        + interval '{{ var("problem_days") + var("recovery_retention_days") }} days'
),

unioned as (
    select
        'detractor_recovery' as kpi_id,
        answer_key as unit_key,
        customer_key,
        answered_at as observed_at,
        null as arm,
        cast(is_promoter as integer) as numerator,
        1 as denominator
    from consecutive
    where was_detractor
    union all by name
    select
        'service_recovery' as kpi_id,
        orders.order_key as unit_key,
        orders.customer_key,
        orders.ordered_at as observed_at,
        case when problems.order_key is null then 'baseline' else 'treated' end as arm,
        cast(kept.order_key is not null as integer) as numerator,
        1 as denominator
    from orders
    left join problems on orders.order_key = problems.order_key
    left join kept on orders.order_key = kept.order_key
    where coalesce(problems.is_well_resolved, true)
),

persons as (
    select
        *,
        customer_key as person_key
    from unioned
),

{{ observed('persons') }}

select * from final
