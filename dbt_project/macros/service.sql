{#- The instant (naive UTC) of a clock time, text 'HH:MM' up to '24:00', on a business day. -#}
{% macro instant_of_day(day, clock) -%}
    timezone('UTC', timezone(
        '{{ var("business_time_zone") }}',
        cast({{ day }} as timestamp) + to_minutes(
            60 * cast(split_part({{ clock }}, ':', 1) as integer) + cast(split_part({{ clock }}, ':', 2) as integer)
        )
    ))
{%- endmacro %}

{#- Whole seconds from one instant to another. -#}
{% macro seconds_between(since, until) -%}
    cast(epoch({{ until }}) - epoch({{ since }}) as bigint)
{%- endmacro %}
