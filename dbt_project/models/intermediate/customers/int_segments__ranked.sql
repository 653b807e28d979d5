-- RFM group and value tier at each month start, among those who had bought in the window before it: how lately, on how
-- many days, for how much. Equals get equal scores, so no tie is ever broken by chance. From when each holds.
with months as (
    select * from {{ ref('int_purchase_months__counted') }}
),

rfm_groups as (
    select * from {{ ref('rfm_groups') }}
),

value_tiers as (
    select * from {{ ref('value_tiers') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

ranked as (
    select
        customer_key,
        month_start,
        count(*) over (partition by month_start) as buyer_count,
        rank() over (partition by month_start order by last_purchased_on) - 1 as staler_count,
        rank() over (partition by month_start order by purchase_day_count) - 1 as rarer_count,
        rank() over (partition by month_start order by revenue_amount) - 1 as smaller_count,
        rank() over (partition by month_start order by revenue_amount desc) - 1 as larger_count
    from months
),

-- a score of 5 of 5: at least four fifths of the buyers are worse
scored as (
    select
        customer_key,
        month_start,
        buyer_count,
        larger_count,
        1 + staler_count * {{ var('rfm_scores') }} // buyer_count as recency_score,
        1 + rarer_count * {{ var('rfm_scores') }} // buyer_count as frequency_score,
        1 + smaller_count * {{ var('rfm_scores') }} // buyer_count as monetary_score
    from ranked
),

scores as (
    select distinct
        recency_score,
        frequency_score,
        monetary_score
    from scored
),

grouped as (
    select
        scores.*,
        rfm_groups.rfm_group
    from scores
    inner join rfm_groups
        on
            scores.recency_score between rfm_groups.recency_min and rfm_groups.recency_max
            and scores.frequency_score between rfm_groups.frequency_min and rfm_groups.frequency_max
            and scores.monetary_score between rfm_groups.monetary_min and rfm_groups.monetary_max
    qualify row_number() over (
        partition by scores.recency_score, scores.frequency_score, scores.monetary_score
        order by rfm_groups.precedence
    ) = 1
),

tiers as (
    select
        value_tier,
        cumulative_share,
        coalesce(lag(cumulative_share) over (order by cumulative_share), 0) as share_above
    from value_tiers
),

placed as (
    select
        scored.customer_key,
        scored.month_start,
        coalesce(grouped.rfm_group, 'other') as rfm_group,
        tiers.value_tier
    from scored
    left join grouped using (recency_score, frequency_score, monetary_score)
    left join tiers
        on
            scored.larger_count >= tiers.share_above * scored.buyer_count
            and scored.larger_count < tiers.cumulative_share * scored.buyer_count
),

{{ month_changes('placed', 'rfm', 'rfm_group', otherwise='inactive') }},

{{ month_changes('placed', 'value_tier', 'value_tier', otherwise='inactive') }},

final as (
    select * from rfm_changes
    union all
    select * from value_tier_changes
)

select * from final
