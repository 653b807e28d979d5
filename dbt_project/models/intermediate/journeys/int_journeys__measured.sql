-- How much there was to each journey: touchpoints, those of the customer's own making, and the channels used.
with placed as (
    select * from {{ ref('int_journey_touchpoints__placed') }}
),

final as (
    select
        journey_key,
        count(*) as touchpoint_count,
        count(*) filter (where is_customer_initiated) as own_touchpoint_count,
        count(distinct channel) as channel_count,
        string_agg(distinct channel, ', ' order by channel) as channels
    from placed
    group by journey_key
)

select * from final
