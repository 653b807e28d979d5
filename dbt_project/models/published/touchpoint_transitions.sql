-- From which touchpoint to which customers went, for path and Sankey views: counts, and the share of those who were at the
-- first that went on to the second. Steps of few people are taken together: they lead to `rare`, and on from there.
with transitions as (
    select * from {{ ref('fct_touchpoint_transitions') }}
),

{{ transition_numbers('transitions') }},

segmented as (
    {{ by_segment('numbered', 'last_ended_on', device='device') }}
    where list_contains({{ var('transition_segment_dimensions') }}, dimensions.segment_dimension)
),

-- millions of rows are grouped by numbers; that no two places have the same is tested where they are named
edges as (
    select
        {{ number_of(['scope', 'window_days', 'segment_dimension', 'segment']) }} as place_number,
        from_number,
        to_number,
        customer_number,
        cast(sum(transition_count) as bigint) as cluster_x
    from segmented
    group by all
),

places as (
    select
        {{ number_of(['scope', 'window_days', 'segment_dimension', 'segment']) }} as place_number,
        scope,
        window_days,
        segment_dimension,
        segment
    from segmented
    group by all
),

counted as (
    select
        places.*,
        steps.* exclude (place_number)
    from (
        select
            place_number,
            from_number,
            to_number,
            count(*) as customer_count
        from edges
        group by all
    ) as steps
    inner join places on steps.place_number = places.place_number
),

{{ suppress('counted', cell=['scope', 'window_days', 'from_number', 'to_number'], measures=[], prefix='step') }},

marked as (
    select
        edges.*,
        step_suppressed.is_suppressed as is_rare
    from edges
    inner join step_suppressed using (place_number, from_number, to_number)
),

rerouted as (
    select * replace (case when is_rare then 0 else to_number end as to_number)
    from marked
    union all
    select * replace (0 as from_number)
    from marked
    where is_rare
),

clusters as (
    select
        place_number,
        from_number,
        to_number,
        customer_number,
        cast(sum(cluster_x) as bigint) as cluster_x
    from rerouted
    group by all
),

{{ transition_shares('clusters') }},

named as (
    select
        judged.*,
        places.* exclude (place_number),
        origins.touchpoint as from_touchpoint,
        destinations.touchpoint as to_touchpoint
    from judged
    inner join places on judged.place_number = places.place_number
    inner join touchpoints as origins on judged.from_number = origins.touchpoint_number
    inner join touchpoints as destinations on judged.to_number = destinations.touchpoint_number
),

final as (
    select
        scope,
        window_days,
        from_touchpoint,
        to_touchpoint,
        segment_dimension,
        segment,
        case when not is_hidden then cast(sum_x as bigint) end as transition_count,
        case when not is_hidden then cast(own_customer_count as bigint) end as traveller_count,
        case when not is_hidden then cast(sum_n as bigint) end as n,
        case when not is_hidden then round(cast(sum_x as double) / sum_n, 6) end as transition_share,
        case when not is_hidden then {{ wilson('sum_x', 'sum_n', design_effect(), -1) }} end as transition_share_low,
        case when not is_hidden then {{ wilson('sum_x', 'sum_n', design_effect(), 1) }} end as transition_share_high,
        case when not is_hidden then sum_n < {{ var('minimum_n') }} end as is_small_n,
        is_hidden as is_suppressed
    from named
)

select * from final
