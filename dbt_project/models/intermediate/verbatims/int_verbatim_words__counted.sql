-- How many people use a word on either side of a comparison: detractors against promoters over the longest window, and the
-- shortest window against the longest one that ends where it begins. People are counted, not uses: who repeats a word
-- says nothing new.
with run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

verbatims as (
    select * from {{ ref('int_verbatims__scored') }}
),

words as (
    select * from {{ source('analysis', 'verbatim_words') }}
),

spans as (
    select
        as_of_date,
        list_min({{ var('verbatim_windows_days') }}) as recent_days,
        list_max({{ var('verbatim_windows_days') }}) as long_days
    from run_parameters
),

compared as (
    select
        'detractors_against_promoters' as comparison,
        case verbatims.nps_class when 'detractor' then 1 when 'promoter' then 2 else 0 end as side,
        verbatims.verbatim_key,
        verbatims.person_key
    from verbatims
    inner join spans
        on
            verbatims.answered_on <= spans.as_of_date
            and verbatims.answered_on > spans.as_of_date - cast(spans.long_days as integer)
    union all
    select
        'recent_against_before' as comparison,
        case when verbatims.answered_on > spans.as_of_date - cast(spans.recent_days as integer) then 1 else 2 end as side,
        verbatims.verbatim_key,
        verbatims.person_key
    from verbatims
    inner join spans
        on
            verbatims.answered_on <= spans.as_of_date
            and verbatims.answered_on > spans.as_of_date - cast(spans.recent_days + spans.long_days as integer)
),

final as (
    select
        compared.comparison,
        words.language,
        words.word,
        words.is_listed,
        count(distinct compared.person_key) filter (where compared.side = 1) as first_count,
        count(distinct compared.person_key) filter (where compared.side = 2) as second_count,
        count(distinct compared.person_key) as person_count
    from compared
    inner join words on compared.verbatim_key = words.verbatim_key
    group by all
)

select * from final
