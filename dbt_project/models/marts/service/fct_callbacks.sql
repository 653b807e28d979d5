-- Whom to call back, the most value at risk first: customers with an open reason whom no human has answered since. One row
-- a customer, for the most serious reason. Internal, never published.
with run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

reasons as (
    select * from {{ ref('callback_reasons') }}
),

raised as (
    select * from {{ ref('int_callbacks__raised') }}
),

contacts as (
    select * from {{ ref('int_contacts__identified') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
    where is_known
),

verbatims as (
    select * from {{ ref('int_verbatims__scored') }}
),

themed as (
    select
        verbatims.verbatim_key,
        string_agg(themes.theme, '|' order by themes.sentiment, themes.theme) as themes
    from verbatims
    inner join {{ ref('int_verbatims__themed') }} as themes on verbatims.verbatim_key = themes.verbatim_key
    group by verbatims.verbatim_key
),

transactions as (
    select * from {{ ref('int_customer_transactions__aggregated') }}
),

lifetime_values as (
    select * from {{ ref('fct_customer_lifetime_values') }}
    where method in ('predicted', 'contractual') and horizon = '{{ var("kpi_clv_horizon_months") }} months'
),

attended as (
    select
        customer_key,
        max(case when is_inbound then first_response_at else opened_at end) as attended_at
    from contacts
    where not is_automatic and customer_key is not null
    group by customer_key
),

open_reasons as (
    select
        raised.*,
        {{ business_date('raised.raised_at') }} as raised_on,
        count(*) over (partition by raised.customer_key) as open_count
    from raised
    inner join run_parameters
        on {{ business_date('raised.raised_at') }} > run_parameters.as_of_date - {{ var('callback_days') }}
    left join attended on raised.customer_key = attended.customer_key
    where coalesce(attended.attended_at <= raised.raised_at, true)
),

chosen as (
    select
        open_reasons.*,
        reasons.owner
    from open_reasons
    inner join reasons on open_reasons.reason = reasons.reason
    qualify row_number() over (
        partition by open_reasons.customer_key
        order by reasons.priority, open_reasons.raised_at, open_reasons.verbatim_key
    ) = 1
),

valued as (
    select
        customer_key,
        cast(sum(clv_before_acquisition_amount) as decimal(18, 4)) as clv_amount,
        max(p_alive) as p_alive,
        max(value_at_risk_amount) as value_at_risk_amount
    from lifetime_values
    group by customer_key
),

{{ callback_columns() }}

select * from final
