{#- The columns of the list of callbacks, from its CTEs; yields `final`. -#}
{% macro callback_columns() -%}
risked as (
    select
        customers.customer_key,
        customers.customer_id,
        customers.language,
        valued.clv_amount,
        valued.p_alive,
        cast(coalesce(
            valued.value_at_risk_amount,
            greatest(0, transactions.last_12m_margin_amount)
            * (1 - cast(transactions.annual_retention_rate as decimal(9, 6)))
        ) as decimal(18, 4)) as value_at_risk_amount,
        case
            when valued.value_at_risk_amount is not null then 'own'
            when transactions.annual_retention_rate is not null then 'group'
            else 'unknown'
        end as value_basis
    from customers
    left join valued on customers.customer_key = valued.customer_key
    left join transactions on customers.customer_key = transactions.customer_key
),

final as (
    select
        cast(row_number() over (
            order by
                risked.value_at_risk_amount desc nulls last, risked.clv_amount desc nulls last, chosen.raised_at,
                chosen.customer_key
        ) as integer) as callback_rank,
        chosen.customer_key,
        risked.customer_id,
        chosen.reason,
        cast(chosen.open_count as integer) as open_count,
        chosen.raised_on,
        cast(run_parameters.as_of_date - chosen.raised_on as integer) as age_days,
        chosen.owner,
        case when verbatims.language in ('fr', 'en') then verbatims.language else risked.language end as language,
        themed.themes,
        verbatims.sentiment,
        risked.value_at_risk_amount,
        risked.value_basis,
        risked.clv_amount,
        risked.p_alive
    from chosen
    inner join risked on chosen.customer_key = risked.customer_key
    cross join run_parameters
    left join verbatims on chosen.verbatim_key = verbatims.verbatim_key
    left join themed on chosen.verbatim_key = themed.verbatim_key
)
{%- endmacro %}
