{#- One row per currency and stretch of days with its rate; the reporting currency has rate 1 for all time. -#}
{% macro rate_periods(rates) %}
    select
        currency,
        rate_date as valid_from,
        coalesce(lead(rate_date) over (partition by currency order by rate_date), date '9999-12-31') as valid_to,
        rate
    from {{ rates }}
    where currency <> '{{ var("reporting_currency") }}'
    union all
    select
        '{{ var("reporting_currency") }}' as currency,
        date '0001-01-01' as valid_from,
        date '9999-12-31' as valid_to,
        1 as rate
{% endmacro %}
