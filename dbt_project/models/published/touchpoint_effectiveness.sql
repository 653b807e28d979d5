-- What each touchpoint contributes to conversions (the step `decision`), by removal effect and, beside it, by the rules
-- first, last and linear. The shares of a method sum to one over the touchpoints of a segment, its credited conversions
-- to all; conversions nothing came before are `direct`. Rows of few customers are hidden.
with credits as (
    select * from {{ source('analysis', 'touchpoint_credits') }}
),

customers as (
    select
        segment_dimension,
        segment,
        touchpoint,
        cast(sum(customer_count) as bigint) as customer_count
    from {{ ref('int_path_credits__grouped') }}
    group by all
),

registry as (
    select * from {{ ref('touchpoints') }}
),

counted as (
    select
        credits.*,
        coalesce(customers.customer_count, 0) as customer_count
    from credits
    left join customers
        on
            credits.segment_dimension = customers.segment_dimension
            and credits.segment = customers.segment
            and credits.touchpoint = customers.touchpoint
),

{{ suppress('counted', cell=['method', 'touchpoint'], measures=[], prefix='small', keep_count=true) }},

{{ experience_cover('small_suppressed', 'touchpoint', 'true', 'hidden', ['method', 'segment_dimension']) }},

final as (
    select
        hidden.segment_dimension,
        hidden.segment,
        hidden.touchpoint,
        hidden.method,
        case when hidden.touchpoint = 'direct' then 'Nothing before' else registry.label_en end as touchpoint_label_en,
        case when hidden.touchpoint = 'direct' then 'Rien avant' else registry.label_fr end as touchpoint_label_fr,
        case when not hidden.is_suppressed then hidden.conversion_count end as n,
        case when not hidden.is_suppressed then hidden.customer_count end as credited_customer_count,
        case when not hidden.is_suppressed then round(hidden.credited_count, 2) end as credited_conversions,
        case when not hidden.is_suppressed then round(hidden.share, 6) end as credited_share,
        case when not hidden.is_suppressed then hidden.share_low end as credited_share_low,
        case when not hidden.is_suppressed then hidden.share_high end as credited_share_high,
        case when not hidden.is_suppressed then hidden.removal_effect end as removal_effect,
        case when not hidden.is_suppressed then hidden.removal_effect_low end as removal_effect_low,
        case when not hidden.is_suppressed then hidden.removal_effect_high end as removal_effect_high,
        case when not hidden.is_suppressed then hidden.conversion_count < {{ var('minimum_n') }} end as is_small_n,
        hidden.is_suppressed
    from hidden
    left join registry on hidden.touchpoint = registry.touchpoint
)

select * from final
