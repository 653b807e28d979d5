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

{#- The greatest part of amounts, and what all their parts come to, signs aside: what `count_unless_dominated` asks for. -#}
{% macro largest_and_absolute(amounts) -%}
    {%- for amount in amounts %}
        max(abs({{ amount }})) as largest_{{ amount }},
        sum(abs({{ amount }})) as absolute_{{ amount }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#-
    The same for a money total whose greatest part is not at hand. The half of its interval is z times the root of the
    squares' sum, and no part is greater than that root. An amount per unit (the order value) is judged by its spread, too:
    by where the corrected interval ends (`skewed_mean_bound`) when t's half-width is as much.
-#}
{% macro count_unless_concentrated(customer_count, interval_kind, unit, value, value_high) -%}
    {%- set reach = '(' ~ z_95() ~ ' * ' ~ var('suppression_dominance_share') ~ ')' -%}
    case
        when
            {{ interval_kind }} = 'money_total'
            and {{ value_high }} - {{ value }} > {{ reach }} * abs({{ value }})
            or {{ interval_kind }} = 'ratio' and {{ unit }} = 'amount'
            and {{ value_high }} > {{ value }} * greatest(1.0 + {{ reach }}, 2.5 - 1.5 * cbrt(1.0 - 2.0 * {{ reach }}))
            then least({{ customer_count }}, {{ var('suppression_minimum_customers') }} - 1)
        else {{ customer_count }}
    end
{%- endmacro %}
