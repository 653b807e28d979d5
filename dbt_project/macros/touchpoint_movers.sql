{#- Whose touchpoints may be another customer's or account's than before; what follows is in `touchpoint_scopes.sql`. -#}

{#- Identifiers whose customer is another, and who that was before. -#}
{% macro changed_identifiers() -%}
    select
        identifier_type,
        identifier,
        min(customer_key) filter (where not is_come) as customer_key
    from {{ last_changes('int_identifiers__resolved') }}
    group by identifier_type, identifier
    having
        min(customer_key) filter (where is_come) is distinct from min(customer_key) filter (where not is_come)
        or min(is_known) filter (where is_come) is distinct from min(is_known) filter (where not is_come)
{%- endmacro %}

{#- Customers who held one of `identifiers`, and those whose account is another. -#}
{% macro moved_customers() -%}
    select customer_key from identifiers
    where customer_key is not null
    union
    select customer_key
    from {{ last_changes('int_customers__unified') }}
    group by customer_key
    having min(account_id) filter (where is_come) is distinct from min(account_id) filter (where not is_come)
{%- endmacro %}

{#-
    Touchpoints as they were of whom a column is among those of a relation, as rows of scopes: looked for once, for all
    sources. First where they stand, then what they say: else the wide columns of a hundred times as many rows are read.
-#}
{% macro kept_of(column, relation) -%}
    select
        {{ touchpoint_scope_source('kept') }} as source_table,
        {{ touchpoint_scope_key('kept') }} as scope_key
    from {{ kept_relation('int_touchpoints__sessionized') }} as kept
    where
        kept.rowid in (
            select rowid from {{ kept_relation('int_touchpoints__sessionized') }}
            where {{ column }} is not null and {{ column }} in (select {{ column }} from {{ relation }})
        )
{%- endmacro %}
