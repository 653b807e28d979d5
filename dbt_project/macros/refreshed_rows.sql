{#- How rows of refreshed tables are told apart; how they are written is in `refreshing.sql`. -#}

{#-
    A number of the key of a row and one of all that stands in it, for models whose meta says they are `hashed`: rows of
    one key are compared by the second, so that the columns of those that stayed are not read, and rows of a key are sought
    by the first. A list alone does not tell how long it is, so `lists` names them. Two rows that differ have the same
    number with a probability of 5e-20; another engine makes all anew.
-#}
{% macro row_hashes(key, lists=[]) -%}
    {{ number_of(key) }} as key_hash,
    hash(*columns(*){% for column in lists %}, len({{ column }}){% endfor %}) as row_hash
{%- endmacro %}

{#- Rows of one table that the other does not have just so; each has the key once. -#}
{% macro rows_only_in(one, other, key, columns) -%}
    select one.*
    from {{ one }} as one
    left join {{ other }} as other on
        {%- for column in key %} one.{{ column }} = other.{{ column }}{{ ' and' if not loop.last }}{% endfor %}
    where other.{{ key[0] }} is null
        {%- for column in columns if column not in key %} or one.{{ column }} is distinct from other.{{ column }}{% endfor %}
{%- endmacro %}
