-- Harm prevented: a friction charged to, or sought among, a misspelt one is quietly charged to nobody, or never found.
with types as (
    select * from {{ ref('friction_types') }}
),

named as (
    select
        friction_type,
        unnest(string_split(concat_ws('|', may_be_caused_by, risk_set_friction), '|')) as other_type
    from types
),

misspelt as (
    select
        named.friction_type,
        named.other_type as name
    from named
    anti join types on named.other_type = types.friction_type
    where named.other_type <> ''
),

without_value as (
    select
        types.friction_type,
        types.outcome as name
    from types
    anti join {{ ref('friction_outcomes') }} as outcomes on types.outcome = outcomes.outcome
)

select * from misspelt
union all
select * from without_value
