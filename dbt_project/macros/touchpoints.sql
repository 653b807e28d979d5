{#-
    What every source of touchpoints needs: the customer of a row by the identifiers it carries, and the stretch of time
    sessions are found by.
-#}

{#- Joins `identifiers` once per kind of identifier; `columns` says which column of the relation holds which kind. -#}
{% macro join_identifiers(relation, columns) -%}
    {%- for kind, column in columns.items() %}
    left join identifiers as {{ kind }}_ids
        on {{ kind }}_ids.identifier_type = '{{ kind }}' and {{ relation }}.{{ column }} = {{ kind }}_ids.identifier
    {%- endfor %}
{%- endmacro %}

{#- The customer of a row after `join_identifiers`: the first kind that knows one, in the order given. -#}
{% macro identified_by(kinds) -%}
    coalesce({% for kind in kinds %}{{ kind }}_ids.customer_key{{ ', ' if not loop.last }}{% endfor %}) as customer_key,
    coalesce({% for kind in kinds %}{{ kind }}_ids.is_known, {% endfor %}false) as is_known
{%- endmacro %}

{#-
    Half-open stretch of time, as long as the session gap, an instant lies in. Two events of one visitor in one stretch
    are less than the gap apart, so they are of one session, and gaps need to be looked for between stretches only.
-#}
{% macro session_bucket(instant) -%}
    (epoch_us({{ instant }}) // {{ var('session_gap_minutes') * 60 * 1000000 }})
{%- endmacro %}

{#-
    One row per moment a row of the relation tells of: `moments` says which column holds the time of which value. Columns
    every moment of the row shares are named in `shared`; times that are empty are none. In one pass over the relation.
-#}
{% macro moments_of(relation, source_table, key, moments, shared) -%}
    select
        {{ surrogate_key(["'" ~ source_table ~ "'", key, 'moment.source_value']) }} as touchpoint_key,
        '{{ source_table }}' as source_table,
        moment.source_value,
        {{ key }} as source_row_id,
        moment.occurred_at
        {%- for name in shared %},
        {{ name }}
        {%- endfor %}
    from (
        select
            *,
            unnest([
                {%- for value, column in moments.items() %}
                {'source_value': '{{ value }}', 'occurred_at': {{ column }}}{{ ',' if not loop.last }}
                {%- endfor %}
            ]) as moment
        from {{ relation }}
    )
    where moment.occurred_at is not null
{%- endmacro %}

{#-
    What of a touchpoint decides whether it is in the scope of a run, part by part: web events are looked at by visitor,
    contacts by case, all other rows one by one.
-#}
{% macro touchpoint_scope_parts() -%}
    {%- set parts = [
        {'rows': "source_table = 'web_events' and anonymous_id is not null", 'column': 'anonymous_id', 'of': 'web_events'},
        {'rows': "source_table = 'web_events' and anonymous_id is null", 'column': 'touchpoint_key', 'of': 'lone_events'},
        {'rows': "source_table = 'interactions'", 'column': 'case_id', 'of': 'interactions'},
    ] -%}
    {%- for table in ['orders', 'contracts'] + (single_sources().keys() | list) -%}
        {%- do parts.append({'rows': "source_table = '" ~ table ~ "'", 'column': 'source_row_id', 'of': table}) -%}
    {%- endfor -%}
    {%- for part in parts -%}
        {%- do part.update({'of_rows': "source_table = '" ~ part.of ~ "'", 'of_column': 'scope_key'}) -%}
    {%- endfor -%}
    {{ return(parts) }}
{%- endmacro %}

{#- A condition that a row of a source makes touchpoints this run looks at. -#}
{% macro touchpoint_scope(column, source_table) -%}
    {%- do built_after(['int_touchpoint_scopes__touched']) -%}
    {{ in_scope(
        'int_touchpoints__sessionized', column, kept_relation('int_touchpoint_scopes__touched'), 'scope_key',
        "source_table = '" ~ source_table ~ "'"
    ) }}
{%- endmacro %}
