{#-
    sha256 over the parts, joined with a separator, NULL told apart from an empty text. Never give it a
    floating-point number: its text differs between engines.
-#}
{% macro surrogate_key(parts) -%}
    sha256(concat_ws(chr(31)
    {%- for part in parts %}, coalesce(cast({{ part }} as varchar), chr(30)){% endfor -%}
    ))
{%- endmacro %}

{#-
    A number that stands for the parts within one build, where joining and grouping by a text of 64 characters would cost
    too much. It is never published and never decides an order: it differs between engines.
-#}
{% macro number_of(parts) -%}
    hash({{ parts | join(', ') }})
{%- endmacro %}

{#-
    The first half (128 bits) of a surrogate key, for keys that stand in every row of the largest tables: half as wide
    to read, write and compare, and two of a billion keys are still the same with a probability under 1e-20.
-#}
{% macro short_key(parts) -%}
    left({{ surrogate_key(parts) }}, 32)
{%- endmacro %}

{#-
    One of `count` equal parts of all customers, 0 to count - 1, by their key: the same in every engine and run. `count`
    is at most 256.
-#}
{% macro fold_of(parts, count) -%}
    (cast('0x' || left({{ surrogate_key(parts) }}, 2) as integer) % {{ count }})
{%- endmacro %}
