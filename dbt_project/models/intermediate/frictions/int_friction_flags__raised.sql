-- The frictions that had struck the journey of a chance by then, itself included, of those that cost the same outcome.
with compared as (
    select compared.*
    from {{ ref('int_friction_opportunities__compared') }} as compared
    inner join {{ ref('int_friction_types__declared') }} as types
        on compared.friction_type = types.friction_type and types.kind = 'friction'
),

struck as (
    select
        friction_type,
        outcome,
        journey_unit,
        min(risk_at) as risk_at
    from compared
    where is_affected
    group by all
),

final as (
    select
        compared.friction_type,
        compared.opportunity_key,
        compared.stratum,
        compared.has_outcome,
        struck.friction_type as other_type
    from compared
    inner join struck on compared.journey_unit = struck.journey_unit and compared.outcome = struck.outcome
    where
        -- what strikes later may be a consequence, and tells that the journey had come so far
        (struck.friction_type <> compared.friction_type and struck.risk_at <= compared.risk_at)
        or (struck.friction_type = compared.friction_type and compared.is_affected)
)

select * from final
