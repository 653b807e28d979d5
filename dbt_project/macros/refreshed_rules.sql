{#- How a refreshed model is held to its rules: by what came, see `rules.sql`. -#}

{#- What came to the model just refreshed, none of it if nothing did; nothing is returned for one that was made whole. -#}
{% macro came_rows() %}
    {%- set steps = run_query(
        "select arg_max(steps, step) from changes.states where model = '" ~ model.name ~ "'"
    ).rows[0][0] -%}
    {%- if steps == 2 %}{{ return(none) }}{% endif -%}
    {%- set came = 'select * exclude (is_come) from changes.' ~ model.name ~ ' where is_come' if steps
        else 'select * from ' ~ this ~ ' where false' -%}
    {{ return('(' ~ came ~ ')') }}
{% endmacro %}

{#- Rows of the model that share some columns with what came, and what came with one of them NULL: judged for a key. -#}
{% macro rows_beside(came, columns) -%}
    {%- set is_hashed = model.config.meta.get('hashed') and columns == model.config.meta.key -%}
    {%- set sought = ['key_hash'] if is_hashed else columns -%}
    (
        select kept.* from {{ this }} as kept
        semi join {{ came }} as came on
            {%- for column in sought %} kept.{{ column }} = came.{{ column }}{{ ' and' if not loop.last }}{% endfor %}
        union all by name
        select * from {{ came }} where {{ columns | join(' is null or ') }} is null
    )
{%- endmacro %}

{#- The model just refreshed keeps its rules, so that it may be followed; without this it is made whole the next time. -#}
{% macro hold_state() %}
    {% do run_query(
        "insert into changes.states select nextval('changes.steps'), * exclude (step, is_held), true "
        ~ "from changes.states where model = '" ~ model.name ~ "' order by step desc limit 1"
    ) %}
{% endmacro %}
