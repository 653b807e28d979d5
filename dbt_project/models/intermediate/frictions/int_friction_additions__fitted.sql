-- Per friction, the additive model of its own chances: stratum effects, and a flag for every friction that had struck the
-- journey by then and costs the same outcome. The normal equations are solved by damped Jacobi steps, which converge for
-- any of them and split evenly between frictions that always strike together.
with flags as (
    select * from {{ ref('int_friction_flags__raised') }}
),

compared as (
    select * from {{ ref('int_friction_opportunities__compared') }}
),

strata as (
    select
        friction_type,
        stratum,
        cast(count(*) as double) as chance_count,
        cast(count(*) filter (where has_outcome) as double) as outcome_count
    from compared
    group by all
),

flags_of_strata as (
    select
        friction_type,
        stratum,
        other_type,
        cast(count(*) as double) as flag_count,
        cast(count(*) filter (where has_outcome) as double) as flag_outcome_count
    from flags
    group by all
),

together as (
    select
        one.friction_type,
        one.other_type,
        other.other_type as another_type,
        count(*) as both_count
    from flags as one
    inner join flags as other
        on one.friction_type = other.friction_type and one.opportunity_key = other.opportunity_key
    group by all
),

products as (
    select
        one.friction_type,
        one.other_type,
        other.other_type as another_type,
        sum(cast(one.flag_count * other.flag_count / strata.chance_count as decimal(28, 12))) as product
    from flags_of_strata as one
    inner join flags_of_strata as other on one.friction_type = other.friction_type and one.stratum = other.stratum
    inner join strata on one.friction_type = strata.friction_type and one.stratum = strata.stratum
    group by all
),

sides as (
    select
        friction_type,
        other_type,
        cast(sum(cast(flag_outcome_count - flag_count * outcome_count / chance_count as decimal(28, 12))) as double) as side
    from flags_of_strata
    inner join strata using (friction_type, stratum)
    group by all
),

rows_of_matrix as (
    select
        one.friction_type,
        one.other_type,
        one.side,
        list(
            coalesce(together.both_count, 0) - coalesce(cast(products.product as double), 0) order by other.other_type
        ) as matrix_row
    from sides as one
    inner join sides as other on one.friction_type = other.friction_type
    left join together
        on
            one.friction_type = together.friction_type
            and one.other_type = together.other_type
            and other.other_type = together.another_type
    left join products
        on
            one.friction_type = products.friction_type
            and one.other_type = products.other_type
            and other.other_type = products.another_type
    group by all
),

equations as (
    select
        friction_type,
        list(other_type order by other_type) as other_types,
        list(side order by other_type) as sides,
        list(matrix_row order by other_type) as matrix
    from rows_of_matrix
    group by friction_type
),

solved as (
    select
        friction_type,
        {{ jacobi_solution('matrix', 'sides', steps=300) }} as effects,  -- noqa: PRS
        other_types,
        {{ diagonal_solution('matrix', 'sides') }} as single_effects
    from equations
),

final as (
    select
        friction_type,
        unnest(other_types) as other_type,
        round(unnest(effects), 6) + 0.0 as effect,
        round(unnest(single_effects), 6) + 0.0 as single_effect
    from solved
)

select * from final
