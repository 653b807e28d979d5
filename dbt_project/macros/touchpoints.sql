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
    What of a touchpoint decides whether it is in the scope of a run: web events are looked at by visitor, those without
    one alone, contacts by case, all other rows one by one.
-#}
{% macro touchpoint_scope_source(relation) -%}
    case
        when {{ relation }}.source_table = 'web_events' and {{ relation }}.anonymous_id is null then 'lone_events'
        else {{ relation }}.source_table
    end
{%- endmacro %}

{#- By what it is looked at, within `touchpoint_scope_source`. -#}
{% macro touchpoint_scope_key(relation) -%}
    case {{ relation }}.source_table
        when 'web_events' then coalesce({{ relation }}.anonymous_id, {{ relation }}.touchpoint_key)
        when 'interactions' then {{ relation }}.case_id
        else {{ relation }}.source_row_id
    end
{%- endmacro %}

{#- A condition that a row of a source makes touchpoints this run looks at. -#}
{% macro touchpoint_scope(column, source_table) -%}
    {%- do built_after(['int_touchpoint_scopes__touched']) -%}
    {{ in_scope(
        'int_touchpoints__sessionized', column, kept_relation('int_touchpoint_scopes__touched'), 'scope_key',
        "source_table = '" ~ source_table ~ "'"
    ) }}
{%- endmacro %}
