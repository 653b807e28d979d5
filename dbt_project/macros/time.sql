{#- The business day an instant (naive UTC) falls on. -#}
{% macro business_date(instant) -%}
    cast(timezone('{{ var("business_time_zone") }}', timezone('UTC', {{ instant }})) as date)
{%- endmacro %}

{#- The instant (naive UTC) at which a business day begins. -#}
{% macro business_midnight(day) -%}
    timezone('UTC', timezone('{{ var("business_time_zone") }}', cast({{ day }} as timestamp)))
{%- endmacro %}

{#- A span of days as an interval; days may be a column and may be fractional (full seconds). -#}
{% macro days_interval(days) -%}
    to_seconds(cast(round({{ days }} * 86400) as bigint))
{%- endmacro %}

{#- One row per month start, first to last, both included. -#}
{% macro month_rows(first_month, last_month) -%}
    select cast(month_at as date) as month_start
    from unnest(
        generate_series(cast({{ first_month }} as timestamp), cast({{ last_month }} as timestamp), interval 1 month)
    ) as months(month_at)
{%- endmacro %}

{#- The first month start after a day. -#}
{% macro next_month(day) -%}
    cast(date_trunc('month', {{ day }}) + interval 1 month as date)
{%- endmacro %}
