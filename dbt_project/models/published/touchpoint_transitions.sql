-- From which touchpoint to which customers went, for path and Sankey views: counts, and the share of those who were at the
-- first that went on to the second. Steps of few people are taken together: they lead to `rare`, and on from there.
with transitions as (
    select
        *,
        last_ended_on as observed_on
    from {{ ref('fct_touchpoint_transitions') }}
),

segmented as (
    {{ by_segment('transitions', 'observed_on', device='device') }}
    where list_contains({{ var('transition_segment_dimensions') }}, dimensions.segment_dimension)
),

edges as (
    select
        scope,
        window_days,
        segment_dimension,
        segment,
        from_touchpoint,
        to_touchpoint,
        {{ number_of(['customer_key']) }} as customer_number,
        cast(sum(transition_count) as bigint) as cluster_x
    from segmented
    group by all
),

counted as (
    select
        scope,
        window_days,
        segment_dimension,
        segment,
        from_touchpoint,
        to_touchpoint,
        count(*) as customer_count
    from edges
    group by all
),

{{ suppress('counted', cell=['scope', 'window_days', 'from_touchpoint', 'to_touchpoint'], measures=[], prefix='step') }},

marked as (
    select
        edges.*,
        step_suppressed.is_suppressed as is_rare
    from edges
    inner join step_suppressed
        using (scope, window_days, segment_dimension, segment, from_touchpoint, to_touchpoint)
),

rerouted as (
    select * replace (case when is_rare then 'rare' else to_touchpoint end as to_touchpoint)
    from marked
    union all
    select * replace ('rare' as from_touchpoint)
    from marked
    where is_rare
),

clusters as (
    select
        scope,
        window_days,
        segment_dimension,
        segment,
        from_touchpoint,
        to_touchpoint,
        customer_number,
        cast(sum(cluster_x) as bigint) as cluster_x
    from rerouted
    group by all
),

{{ transition_shares('clusters') }},

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
    from judged
)

select * from final
