{#-
    Like `by_segment`, for a relation with the columns `profile` (of the customer on the day, null of one about whom nothing
    is said) and `device` (which overrides the customer's). Counting by profile first leaves few rows to repeat.
-#}
{% macro by_profile(relation) %}
    select
        {{ relation }}.*,
        dimensions.segment_dimension,
        case
            when dimensions.segment_dimension = 'all' then 'all'
            when dimensions.segment_dimension = 'device' then coalesce({{ relation }}.device, profiles.segment, 'unknown')
            else coalesce(profiles.segment, dimensions.default_segment, 'unknown')
        end as segment
    from {{ relation }}
    cross join {{ ref('segment_dimensions') }} as dimensions
    left join {{ ref('int_segment_profiles__described') }} as profiles
        on
            {{ relation }}.profile = profiles.profile
            and dimensions.segment_dimension = profiles.segment_dimension
{% endmacro %}

{#- The profile of the customer `customer_number` of a relation on its day, as relation `profiles`. -#}
{% macro join_profiles(relation, day) %}
    left join {{ ref('int_segment_profiles__dated') }} as profiles
        on
            {{ relation }}.customer_number = profiles.customer_number
            and {{ relation }}.{{ day }} >= profiles.valid_from
            and {{ relation }}.{{ day }} < profiles.valid_to
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
