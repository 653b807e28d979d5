-- All that detectors found, frictions and enablers alike. A new detector joins by a line here.
with found as (
    select * from {{ ref('int_friction_evidence__touched') }}
    union all by name
    select * from {{ ref('int_friction_evidence__missed') }}
    union all by name
    select * from {{ ref('int_friction_evidence__slowed') }}
    union all by name
    select * from {{ ref('int_friction_evidence__looped') }}
    union all by name
    select * from {{ ref('int_friction_evidence__delayed') }}
    union all by name
    select * from {{ ref('int_friction_evidence__repeated') }}
    union all by name
    select * from {{ ref('int_friction_evidence__pressed') }}
    union all by name
    select * from {{ ref('int_friction_evidence__offered') }}
    union all by name
    select * from {{ ref('int_friction_evidence__split') }}
),

final as (
    select
        {{ surrogate_key(['friction_type', 'unit_key', 'source_table', 'source_row_id', 'occurred_at', 'touchpoint']) }}
            as evidence_key,
        *
    from found
    where customer_key is not null
)

select * from final
