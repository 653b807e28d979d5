-- Words many people use that the vocabulary does not list: what somebody should read before it is added there, for among
-- them are names. Internal, never published.
with counted as (
    select * from {{ ref('int_verbatim_words__counted') }}
    where not is_listed and comparison = 'recent_against_before'
),

final as (
    select
        language,
        word,
        person_count
    from counted
    where person_count >= {{ var('suppression_minimum_customers') }}
)

select * from final
