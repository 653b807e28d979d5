-- How much of the company's data is one customer's: identifiers tied, links kept and refused by kind and reason, customers
-- seen in one, two or three sources and under one or more accounts. Counts only: no identifier, no key.
with counted as (
    select * from {{ ref('int_identity_outcomes__counted') }}
),

types as (
    select * from {{ ref('identity_identifier_types') }}
),

kinds as (
    select * from {{ ref('identity_link_kinds') }}
),

outcomes as (
    select * from {{ ref('identity_outcomes') }}
),

availability as (
    select * from {{ source('landing', 'table_availability') }}
),

cells as (
    select
        'identifiers' as measure,
        identifier_type as kind,
        label_en,
        label_fr,
        'customers' as required_table
    from types
    where identifier_type <> 'user'
    union all
    select
        'links' as measure,
        link_kind as kind,
        label_en,
        label_fr,
        required_table
    from kinds
    union all
    select
        unnest(['sources', 'accounts']) as measure,
        'customer' as kind,
        'Customer' as label_en,
        'Client' as label_fr,
        'customers' as required_table
),

{{ suppress(
    'counted', cell=['measure', 'kind'], measures=['identity_count', 'n', 'share', 'share_low', 'share_high']
) }},

shown as (
    select
        measure,
        kind,
        max(n) as n
    from suppressed
    group by measure, kind
),

final as (
    select
        cells.measure,
        cells.kind,
        cells.label_en as kind_label_en,
        cells.label_fr as kind_label_fr,
        outcomes.outcome,
        outcomes.label_en as outcome_label_en,
        outcomes.label_fr as outcome_label_fr,
        case
            when not coalesce(suppressed.is_suppressed, false) and coalesce(availability.is_available, false)
                then coalesce(suppressed.identity_count, 0)
        end as identity_count,
        case
            when not coalesce(availability.is_available, false) or coalesce(suppressed.is_suppressed, false) then null
            when shown.kind is null then 0
            else shown.n
        end as n,
        case
            when suppressed.kind is not null then suppressed.share
            when shown.n > 0 then 0.0
        end as share,
        coalesce(
            suppressed.share_low,
            case when suppressed.kind is null then {{ wilson('0', 'shown.n', '1.0', -1) }} end
        ) as share_low,
        coalesce(
            suppressed.share_high,
            case when suppressed.kind is null then {{ wilson('0', 'shown.n', '1.0', 1) }} end
        ) as share_high,
        case
            when coalesce(availability.is_available, false) and not coalesce(suppressed.is_suppressed, false)
                then case when shown.kind is null then 0 else shown.n end < {{ var('minimum_n') }}
        end as is_small_n,
        coalesce(availability.is_available, false) as is_available,
        case
            when not coalesce(availability.is_available, false)
                then 'no accepted extract of ' || cells.required_table
        end as unavailable_reason,
        coalesce(suppressed.is_suppressed, false) as is_suppressed
    from cells
    inner join outcomes on cells.measure = outcomes.measure
    left join availability on cells.required_table = availability.table_name
    left join suppressed
        on
            cells.measure = suppressed.measure
            and cells.kind = suppressed.kind
            and outcomes.outcome = suppressed.segment
    left join shown on cells.measure = shown.measure and cells.kind = shown.kind
)

select * from final
