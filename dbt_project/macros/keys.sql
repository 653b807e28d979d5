{#-
    sha256 over the parts, joined with a separator, NULL told apart from an empty text. Never give it a
    floating-point number: its text differs between engines.
-#}
{% macro surrogate_key(parts) -%}
    sha256(concat_ws(chr(31)
    {%- for part in parts %}, coalesce(cast({{ part }} as varchar), chr(30)){% endfor -%}
    ))
{%- endmacro %}
