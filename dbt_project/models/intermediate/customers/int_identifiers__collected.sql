-- Every identifier met, and where. They are numbered in the order in which one names a customer, so that the least number
-- of a component is the identifier its key is made of.
with carried as (
    select * from {{ ref('int_identity_rows__collected') }}
),

types as (
    select * from {{ ref('identity_identifier_types') }}
),

blocked_values as (
    select * from {{ source('landing', 'blocked_identifiers') }}
),

met as (
    {%- for kind, column in {
        'crm': 'crm_id', 'loyalty': 'loyalty_id', 'email': 'email_hash', 'phone': 'phone_hash',
        'anonymous': 'anonymous_id'
    }.items() %}
        select
            '{{ kind }}' as identifier_type,
            {{ column }} as identifier,
            source
        from carried
        where {{ column }} is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

identifiers as (
    select
        identifier_type,
        identifier,
        bool_or(source = 'crm') as is_in_crm,
        bool_or(source = 'web') as is_in_web,
        bool_or(source = 'surveys') as is_in_surveys
    from met
    group by identifier_type, identifier
),

blocked as (
    select
        identifier_type,
        identifier
    from blocked_values
    group by identifier_type, identifier
),

final as (
    select
        identifiers.identifier_type,
        identifiers.identifier,
        row_number() over (order by types.key_rank, identifiers.identifier) as node_number,
        blocked.identifier is not null as is_blocked,
        identifiers.is_in_crm,
        identifiers.is_in_web,
        identifiers.is_in_surveys
    from identifiers
    inner join types on identifiers.identifier_type = types.identifier_type
    left join blocked
        on identifiers.identifier_type = blocked.identifier_type and identifiers.identifier = blocked.identifier
)

select * from final
