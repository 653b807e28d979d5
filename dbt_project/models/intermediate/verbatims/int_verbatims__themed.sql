-- The themes a verbatim is about, with the friction category they belong to and the feeling of the clauses they stand in.
with mentions as (
    select * from {{ source('analysis', 'verbatim_mentions') }}
),

verbatims as (
    select * from {{ ref('int_verbatims__scored') }}
),

theme_types as (
    select * from {{ ref('verbatim_theme_types') }}
),

final as (
    select
        mentions.verbatim_key,
        mentions.theme,
        theme_types.friction_category,
        mentions.sentiment
    from mentions
    inner join verbatims on mentions.verbatim_key = verbatims.verbatim_key
    inner join theme_types on mentions.theme = theme_types.theme
)

select * from final
