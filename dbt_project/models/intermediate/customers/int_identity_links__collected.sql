-- Every pair of identifiers that some row carries, and every pair joined by hand. Address and number of one contact are
-- linked where it names no customer; where it does, both are linked to that.
with carried as (
    select * from {{ ref('int_identity_rows__collected') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__collected') }}
),

decisions as (
    select * from {{ ref('int_identity_overrides__numbered') }}
),

pairs as (
    {%- for kind, column in {
        'loyalty': 'loyalty_id', 'email': 'email_hash', 'phone': 'phone_hash', 'anonymous': 'anonymous_id'
    }.items() %}
        select
            'crm_{{ kind }}' as link_kind,
            'crm' as from_type,
            crm_id as from_id,
            '{{ kind }}' as to_type,
            {{ column }} as to_id,
            source_table,
            row_count
        from carried
        union all
    {%- endfor %}
    select
        'email_phone' as link_kind,
        'email' as from_type,
        email_hash as from_id,
        'phone' as to_type,
        phone_hash as to_id,
        source_table,
        row_count
    from carried
    where crm_id is null
),

named as (
    select
        link_kind,
        from_type,
        from_id,
        to_type,
        to_id,
        bool_or(source_table = 'customers') as is_registered,
        cast(sum(row_count) as bigint) as row_count
    from pairs
    where from_id is not null and to_id is not null
    group by all
),

final as (
    select
        named.link_kind,
        left_side.node_number as from_node,
        right_side.node_number as to_node,
        named.to_type,
        named.is_registered,
        named.row_count,
        left_side.is_blocked or right_side.is_blocked as is_blocked
    from named
    inner join identifiers as left_side
        on named.from_type = left_side.identifier_type and named.from_id = left_side.identifier
    inner join identifiers as right_side
        on named.to_type = right_side.identifier_type and named.to_id = right_side.identifier
    union all
    select
        'merge' as link_kind,
        one_node as from_node,
        other_node as to_node,
        null as to_type,
        false as is_registered,
        0 as row_count,
        false as is_blocked
    from decisions
    where action = 'merge'
)

select * from final
