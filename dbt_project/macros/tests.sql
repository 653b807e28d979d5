{#- The columns are the key of the model: never NULL in part, never twice. One query a model. -#}
{% test is_key(model, columns) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {%- for column in columns %} or {{ column }} is null{% endfor %}
{% endtest %}

{#- Every row satisfies every expression; a row that makes one unknown (NULL) does not count against it. -#}
{% test rows_satisfy(model, expressions) %}
    select *
    from {{ model }}
    where false
    {%- for expression in expressions %}
        or not ({{ expression }})
    {%- endfor %}
{% endtest %}
