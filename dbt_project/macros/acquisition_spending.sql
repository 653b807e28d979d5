{#-
    What was spent per acquisition channel and month, in the reporting currency, over the CTEs `spending` and
    `rate_periods`. Yields the CTEs `converted` and `monthly`.
-#}
{% macro monthly_acquisition_costs() -%}
converted as (
    select
        spending.acquisition_channel,
        spending.month_start,
        cast(spending.cost_amount * rate_periods.rate as decimal(18, 4)) as cost_amount
    from spending
    inner join rate_periods
        {#- the first rate known stands for the days before it #}
        on spending.currency = rate_periods.currency and rate_periods.valid_to > spending.month_start
    qualify row_number() over (partition by spending.marketing_cost_key order by rate_periods.valid_from) = 1
),

monthly as (
    select
        acquisition_channel,
        month_start,
        cast(sum(cost_amount) as decimal(18, 4)) as cost_amount
    from converted
    group by all
)
{%- endmacro %}
