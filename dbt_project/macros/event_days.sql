{#-
    Rows of a landing table per business day they tell of and extract day they came on; `occurred` is the instant that
    dates a row. `replaced_count`: rows that replace what an earlier extract day said of the same key.
-#}
{% macro event_days(table_name, occurred, is_replaced=true) %}
    select
        '{{ table_name }}' as table_name,
        {{ business_date(occurred) }} as event_on,
        _extract_date as extract_date,
        count(*) as row_count,
        {% if is_replaced -%}
        count(*) filter (where is_again) as replaced_count
        {%- else -%}
        0 as replaced_count
        {%- endif %}
    {% if is_replaced -%}
    from (
        select
            *,
            min(_extract_date) over (partition by _key_hash) < _extract_date as is_again
        from {{ source('landing', table_name) }}
    )
    {%- else -%}
    from {{ source('landing', table_name) }}
    {%- endif %}
    group by all
{% endmacro %}
