{#-
    What visits had looked at by the time of their chance, from the CTEs `types` (with `counted_span`), `risks` and
    `touchpoints`; yields `counted`, per risk set, span and visit, and `helped`, what of it was the enabler itself. What
    several types ask of a risk set is counted once.
-#}
{% macro earlier_touchpoints() %}
-- how long after the chance touchpoints still count
spans as (
    select distinct
        risk_set_key,
        kind,
        counted_span
    from types
),

-- what the visit had looked at before; nothing where the chance is its beginning
counted as (
    select
        spans.risk_set_key,
        spans.kind,
        spans.counted_span,
        {{ number_of(['risks.unit_key']) }} as unit_number,
        count(*) as earlier_touchpoint_count
    from risks
    inner join spans on risks.risk_set_key = spans.risk_set_key
    inner join touchpoints on risks.unit_key = touchpoints.session_key
    where
        risks.is_visit
        and (risks.risk_at > risks.since_at or spans.kind = 'enabler')
        and touchpoints.occurred_at < risks.risk_at + spans.counted_span
    group by all
),

helpers as (
    select
        friction_type,
        risk_set_key,
        counted_span,
        unnest(indexes) as touchpoint
    from types
    where kind = 'enabler'
),

-- the enabler itself does not count
helped as (
    select
        helpers.friction_type,
        {{ number_of(['risks.unit_key']) }} as unit_number,
        count(*) as own_touchpoint_count
    from risks
    inner join helpers on risks.risk_set_key = helpers.risk_set_key
    inner join touchpoints on risks.unit_key = touchpoints.session_key and helpers.touchpoint = touchpoints.touchpoint
    where risks.is_visit and touchpoints.occurred_at < risks.risk_at + helpers.counted_span
    group by all
)
{%- endmacro %}

{#-
    What decides the series of a cell, its type, profile and device, numbered from one, beside the series it counts in;
    from the CTEs `cells`, `profiles` and `series_numbers`; yields `places` and `series_of_places`.
-#}
{% macro numbered_places() %}
places as (
    select
        friction_type,
        profile,
        device,
        cast(row_number() over (order by friction_type, profile, device) as integer) as place
    from cells
    group by friction_type, profile, device
),

series_of_places as (
    select
        places.place,
        series_numbers.series
    from places
    inner join profiles on places.profile = profiles.profile
    inner join series_numbers
        on series_numbers.series_number = {{ number_of([
            'places.friction_type', 'profiles.segment_dimension',
            "case when profiles.segment_dimension = 'device' then coalesce(places.device, profiles.segment)"
            ~ " else profiles.segment end"
        ]) }}
)
{%- endmacro %}
