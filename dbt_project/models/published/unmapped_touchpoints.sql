-- What the touchpoint mappings do not know, with how often it came: each is an event no funnel and no journey step sees.
-- Values are those a company sends. One that few people share, that does not look like the name of an event (names may
-- carry a person) or that is beyond the most frequent is not shown; such values are counted together.
with touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
    where touchpoint = 'unmapped'
),

valued as (
    select
        source_table,
        source_value,
        count(distinct coalesce(customer_key, anonymous_id)) as person_count,
        count(*) as unmapped_count
    from touchpoints
    group by all
),

ranked as (
    select
        *,
        row_number() over (partition by source_table order by unmapped_count desc, source_value) as frequency_rank
    from valued
),

named as (
    select
        source_table,
        source_value,
        case
            when
                person_count >= {{ var('suppression_minimum_customers') }}
                and frequency_rank <= {{ var('unmapped_values_maximum') }}
                and regexp_full_match(source_value, '[A-Za-z][A-Za-z0-9_ .:/-]{0,59}')
                and not regexp_matches(source_value, '[0-9]{4}')
                then source_value
            else '(not shown)'
        end as shown_value
    from ranked
),

final as (
    select
        touchpoints.source_table,
        named.shown_value as source_value,
        cast(count(*) as bigint) as unmapped_count,
        cast(count(distinct named.source_value) as bigint) as value_count,
        min(touchpoints.occurred_on) as first_on,
        max(touchpoints.occurred_on) as last_on
    from touchpoints
    inner join named
        on touchpoints.source_table = named.source_table and touchpoints.source_value = named.source_value
    group by touchpoints.source_table, named.shown_value
    having
        named.shown_value <> '(not shown)'
        or count(distinct coalesce(touchpoints.customer_key, touchpoints.anonymous_id))
        >= {{ var('suppression_minimum_customers') }}
)

select * from final
