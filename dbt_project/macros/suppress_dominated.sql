{#-
    A count of customers as suppression is to take it: a money total of which one customer has more than
    `suppression_dominance_share` tells of that customer, however many others there are, and counts as too small.
-#}
{% macro count_unless_dominated(customer_count, largest_amount, total_amount) -%}
    case
        when {{ largest_amount }} > {{ var('suppression_dominance_share') }} * abs({{ total_amount }})
            then least({{ customer_count }}, {{ var('suppression_minimum_customers') }} - 1)
        else {{ customer_count }}
    end
{%- endmacro %}

{#-
    The same for a money total whose greatest part is not at hand. The half of its interval is z times the root of the
    squares' sum, and no part is greater than that root.
-#}
{% macro count_unless_concentrated(customer_count, interval_kind, value, value_high) -%}
    case
        when
            {{ interval_kind }} = 'money_total'
            and {{ value_high }} - {{ value }} > {{ z_95() }} * {{ var('suppression_dominance_share') }} * abs({{ value }})
            then least({{ customer_count }}, {{ var('suppression_minimum_customers') }} - 1)
        else {{ customer_count }}
    end
{%- endmacro %}
