{#-
    sha256 over the parts, joined with a separator, NULL told apart from an empty text: 64 hexadecimal digits. Never give
    it a floating-point number: its text differs between engines.
-#}
{% macro digest_of(parts) -%}
    sha256(concat_ws(chr(31)
    {%- for part in parts %}, coalesce(cast({{ part }} as varchar), chr(30)){% endfor -%}
    ))
{%- endmacro %}

{#-
    A key made of the parts: the first 72 bits of their digest, as 12 characters, which is as long a text as the engine
    keeps in place. A longer one is fetched whenever it is compared, and is most of what large tables weigh. Two of 50 million keys
    are the same with a probability of 3e-7, two of 5 million customers with 3e-9; the keys of a model are tested.
-#}
{% macro surrogate_key(parts) -%}
    to_base64(unhex(left({{ digest_of(parts) }}, 18)))
{%- endmacro %}

{#-
    A number that stands for the parts within one build, where joining and grouping by a text would cost
    too much. It is never published and never decides an order: it differs between engines.
-#}
{% macro number_of(parts) -%}
    hash({{ parts | join(', ') }})
{%- endmacro %}

{#-
    One of `count` equal parts of all customers, 0 to count - 1, by their key: the same in every engine and run. `count`
    is at most 256.
-#}
{% macro fold_of(parts, count) -%}
    (cast('0x' || left({{ digest_of(parts) }}, 2) as integer) % {{ count }})
{%- endmacro %}
