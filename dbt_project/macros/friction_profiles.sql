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
